package dev.tributary.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GlobTest {

  static LongStream seeds() {
    return Seeds.all();
  }

  @Test
  void matches_dot_isOnlyADot() {
    assertThat(Glob.matches("gpt-5.4*", "gpt-5.4-2026-03-05")).isTrue();
    assertThat(Glob.matches("gpt-5.4*", "gpt-5x4")).isFalse();
  }

  @Test
  void matches_isAnchoredAtBothEnds() {
    assertThat(Glob.matches("gpt-4o", "my-gpt-4o")).isFalse();
    assertThat(Glob.matches("gpt-4o", "gpt-4o-mini")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "*, anything, true",
    "*, '', true",
    "'', '', true",
    "'', a, false",
    "a*c, abbc, true",
    "a*c, abbd, false",
    "*b*, abc, true",
    "a**c, ac, true",
    "a, A, false",
    "a*a, a, false",
    "a?c, abc, false",
    "[ab], a, false",
  })
  void matches_starIsAnyText_everythingElseItself(String glob, String text, boolean expected) {
    assertThat(Glob.matches(glob, text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void matches_anyGlob_isTheAnchoredExpression(long seed) {
    Random random = new Random(seed);
    String glob = text(random, "ab*", 6);
    String text = text(random, "ab", 8);

    assertThat(Glob.matches(glob, text))
        .as("seed %d: %s %s", seed, glob, text)
        .isEqualTo(expression(glob).matcher(text).matches());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void matches_signsOfExpressions_areThemselves(long seed) {
    Random random = new Random(seed);
    String glob = text(random, "aA.?\\n\\*", 5);
    String text = text(random, "aA.?\\n\\", 5);
    String fitting = glob.replace("*", text);

    for (String of : List.of(text, fitting)) {
      assertThat(Glob.matches(glob, of))
          .as("seed %d: %s %s", seed, glob, of)
          .isEqualTo(expression(glob).matcher(of).matches());
    }
    assertThat(Glob.matches(glob, fitting)).isTrue();
  }

  /** A matcher that tries every star again would not come to an end with this. */
  @Test
  void matches_manyStarsOverALongText_comesToAnEnd() {
    String text = "a".repeat(100_000);

    assertThat(Glob.matches("*a".repeat(40) + "b", text)).isFalse();
    assertThat(Glob.matches("*a".repeat(40) + "*", text)).isTrue();
    assertThat(Glob.matches("*".repeat(40), text)).isTrue();
  }

  private static Pattern expression(String glob) {
    String expression =
        Stream.of(glob.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    return Pattern.compile(expression, Pattern.DOTALL);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void intersect_anyTwoGlobs_isTrueExactlyWhenSomeTextMatchesBoth(long seed) {
    Random random = new Random(seed);
    String a = text(random, "ab*", 4);
    String b = text(random, "ab*", 4);

    // Two globs with eight literals in all that meet, meet in a text of at most eight characters.
    boolean found =
        texts(8).stream().anyMatch(text -> Glob.matches(a, text) && Glob.matches(b, text));
    assertThat(Glob.intersect(a, b)).as("seed %d: %s %s", seed, a, b).isEqualTo(found);
    assertThat(Glob.intersect(b, a)).as("seed %d: %s %s", seed, b, a).isEqualTo(found);
  }

  private static String text(Random random, String alphabet, int maxLength) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(maxLength + 1);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  private static List<String> texts(int maxLength) {
    List<String> all = new ArrayList<>(List.of(""));
    int from = 0;
    for (int length = 1; length <= maxLength; length++) {
      int to = all.size();
      for (int i = from; i < to; i++) {
        all.add(all.get(i) + "a");
        all.add(all.get(i) + "b");
      }
      from = to;
    }
    return all;
  }
}
