package dev.tributary.normalize.core;

/**
 * What Python prints for a dictionary or list of plain values, as JSON. Frameworks write it where
 * an attribute must be text: LangSmith's token details, LiteLLM's raw reply.
 */
final class PythonText {
  private PythonText() {}

  /** The text with JSON's quotes and words; no JSON where the text was no such thing. */
  static String toJson(String text) {
    StringBuilder json = new StringBuilder(text.length() + 16);
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '\'' || c == '"') {
        i = string(text, i, json);
      } else if (Character.isLetter(c)) {
        int end = i;
        while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
          end++;
        }
        json.append(word(text.substring(i, end)));
        i = end;
      } else {
        json.append(c == '(' ? '[' : c == ')' ? ']' : c);
        i++;
      }
    }
    return json.toString();
  }

  /** Copies a string in either quotes; answers where the text goes on. */
  private static int string(String text, int start, StringBuilder json) {
    char quote = text.charAt(start);
    StringBuilder plain = new StringBuilder();
    int i = start + 1;
    while (i < text.length() && text.charAt(i) != quote) {
      if (text.charAt(i) == '\\' && i + 1 < text.length()) {
        i++;
      }
      plain.append(text.charAt(i));
      i++;
    }
    AttributeText.quote(json, plain.toString());
    return i + 1;
  }

  private static String word(String word) {
    return switch (word) {
      case "None" -> "null";
      case "True" -> "true";
      case "False" -> "false";
      default -> word;
    };
  }
}
