package dev.tributary.standalone.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.normalize.NormalizeConfig;
import dev.tributary.runtime.config.Settings;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A statement of the transform processor's language, as far as it can be checked without it. */
final class TransformStatement {
  private static final Pattern SET =
      Pattern.compile("set\\(attributes\\[\"([^\"]+)\"\\], \"[^\"]*\"\\) where (.+)");
  private static final Pattern FUNCTION = Pattern.compile("([A-Za-z]+)\\(");
  private static final Pattern WORD = Pattern.compile("\"[^\"]*\"");
  private static final Pattern CONDITION =
      Pattern.compile(
          "IsRootSpan\\(\\)|IsMatch\\((resource\\.)?attributes\\[S\\], S\\)"
              + "|(resource\\.)?attributes\\[S\\] == (nil|S)");

  private TransformStatement() {}

  /**
   * Fails unless the statement sets a tag that stream-normalize reads (or the mark of untagged
   * traffic), only where it is not there, under conditions made of known functions.
   */
  static void check(String statement) {
    Matcher set = SET.matcher(statement);
    assertThat(set.matches()).as(statement).isTrue();
    String attribute = set.group(1);
    String conditions = set.group(2);
    boolean isMark = attribute.equals("tributary.untagged");
    assertThat(isMark || readAsTags().contains(attribute))
        .as("%s is no tag: %s", attribute, statement)
        .isTrue();
    if (!isMark) {
      assertThat(conditions).contains("attributes[\"" + attribute + "\"] == nil");
    }
    Matcher functions = FUNCTION.matcher(conditions);
    while (functions.find()) {
      assertThat(functions.group(1)).as(statement).isIn("IsMatch", "IsRootSpan");
    }
    for (String condition : WORD.matcher(conditions).replaceAll("S").split(" and ")) {
      assertThat(condition).as(statement).matches(CONDITION);
    }
  }

  private static Set<String> readAsTags() {
    Set<String> names = new HashSet<>();
    NormalizeConfig.from(Settings.of(Map.of()))
        .rules()
        .tags()
        .sources()
        .values()
        .forEach(
            sources -> {
              names.addAll(sources.span());
              names.addAll(sources.resource());
            });
    return names;
  }
}
