package dev.tributary.evalworker.core;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Evaluators that read the answer alone. */
final class TextEvaluators {
  private static final Pattern CITATION = Pattern.compile("\\[(\\d{1,3})\\]");
  private static final List<String> REFUSALS =
      List.of(
          "i can't help with",
          "i cannot help with",
          "i can't assist",
          "i cannot assist",
          "i'm unable to",
          "i am unable to",
          "i'm not able to",
          "i am not able to",
          "i can't provide",
          "i cannot provide",
          "i won't be able to",
          "i must decline",
          "as an ai language model",
          "i'm sorry, but i can't",
          "i'm sorry, but i cannot",
          "ich kann dabei nicht helfen",
          "je ne peux pas vous aider",
          "no puedo ayudarte con");

  /** How far into the answer a refusal must begin: later it is part of an answer. */
  private static final int REFUSAL_WITHIN = 200;

  private TextEvaluators() {}

  /** {@code fields}: comma-separated; the answer is a JSON object that has them, none null. */
  static Verdict requiredFields(EvalCase subject) {
    JsonNode answer = MessageText.json(unfenced(subject.answer()));
    if (answer == null || !answer.isObject()) {
      return Verdict.passed(false, "The answer is no JSON object.");
    }
    String[] fields = subject.need("fields").split(",", -1);
    int present = 0;
    StringBuilder missing = new StringBuilder();
    for (String field : fields) {
      if (answer.hasNonNull(field.strip())) {
        present++;
      } else {
        missing.append(missing.length() == 0 ? "Missing: " : ", ").append(field.strip());
      }
    }
    double share = (double) present / fields.length;
    return new Verdict.Scored(share, share == 1 ? "pass" : "fail", missing.toString());
  }

  /** {@code pattern}: found in the answer; with {@code absent: true}: not found. */
  static Verdict regex(EvalCase subject) {
    try {
      Matcher matcher =
          Pattern.compile(subject.need("pattern")).matcher(new CountedText(subject.answer()));
      boolean isFound = matcher.find();
      boolean isWanted = !subject.parameter("absent", "false").equals("true");
      return Verdict.passed(isFound == isWanted, isFound ? "The pattern is found." : "");
    } catch (PatternSyntaxException e) {
      throw new InvalidParametersException("pattern: no regular expression", e);
    }
  }

  /**
   * Share of citations {@code [n]} that name a retrieved document; an answer without any fails
   * where documents were retrieved.
   */
  static Verdict citations(EvalCase subject) {
    if (subject.documents().isEmpty()) {
      return Verdict.failed(Verdict.Reason.NOTHING_TO_JUDGE);
    }
    Matcher matcher = CITATION.matcher(subject.answer());
    int cited = 0;
    int right = 0;
    while (matcher.find()) {
      int number = Integer.parseInt(matcher.group(1));
      cited++;
      right += number >= 1 && number <= subject.documents().size() ? 1 : 0;
    }
    double share = cited == 0 ? 0 : (double) right / cited;
    return new Verdict.Scored(
        share, share == 1 ? "pass" : "fail", right + " of " + cited + " citations exist.");
  }

  /** 1: the answer is no refusal. {@code phrases}: further ones, separated by {@code |}. */
  static Verdict refusal(EvalCase subject) {
    String answer = subject.answer().toLowerCase(Locale.ROOT).replace('\u2019', '\'');
    Set<String> phrases = new HashSet<>(REFUSALS);
    for (String phrase : subject.parameter("phrases", "").split("\\|", -1)) {
      if (!phrase.isBlank()) {
        phrases.add(phrase.strip().toLowerCase(Locale.ROOT));
      }
    }
    for (String phrase : phrases) {
      int at = answer.indexOf(phrase);
      if (at >= 0 && at < REFUSAL_WITHIN) {
        return new Verdict.Scored(0, "refusal", "The answer says: " + phrase);
      }
    }
    return new Verdict.Scored(1, "answered", "");
  }

  /** {@code min_words}, {@code max_words}. */
  static Verdict length(EvalCase subject) {
    int words = Words.of(subject.answer()).size();
    double least = subject.number("min_words", 1);
    double most = subject.number("max_words", Integer.MAX_VALUE);
    return Verdict.passed(words >= least && words <= most, words + " words.");
  }

  /** {@code language}: two letters; see {@link Language}. */
  static Verdict language(EvalCase subject) {
    String wanted = subject.need("language").toLowerCase(Locale.ROOT);
    String found = Language.of(subject.answer());
    if (found.isEmpty()) {
      return Verdict.failed(Verdict.Reason.NOTHING_TO_JUDGE);
    }
    return new Verdict.Scored(found.equals(wanted) ? 1 : 0, found, "");
  }

  /** {@code most_ms}: the trace took no longer. */
  static Verdict latency(EvalCase subject) {
    subject.need("most_ms");
    double mostUs = subject.number("most_ms", 0) * 1_000;
    double tookUs = subject.number("trace.wall_time_us", Double.NaN);
    if (Double.isNaN(tookUs)) {
      return Verdict.failed(Verdict.Reason.NOTHING_TO_JUDGE);
    }
    return Verdict.passed(tookUs <= mostUs, Math.round(tookUs / 1_000) + " ms.");
  }

  /** JSON that models like to put into a Markdown fence. */
  static String unfenced(String text) {
    String trimmed = text.strip();
    if (trimmed.startsWith("```") && trimmed.endsWith("```") && trimmed.length() > 6) {
      int line = trimmed.indexOf('\n');
      return line < 0 ? trimmed : trimmed.substring(line + 1, trimmed.length() - 3).strip();
    }
    return trimmed;
  }
}
