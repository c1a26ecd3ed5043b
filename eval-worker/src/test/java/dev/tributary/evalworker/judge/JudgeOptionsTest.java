package dev.tributary.evalworker.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a job may take. */
final class JudgeOptionsTest {
  /** The job is sent again ten minutes after its deadline; a worker is waited for half an hour. */
  @ParameterizedTest
  @CsvSource({
    "-PT1S, PT9M",
    "PT0S, PT9M",
    "PT6M, PT15M",
    "PT16M, PT25M",
    "PT16M1S, PT25M",
    "PT30M, PT25M",
    "PT2562047788015H, PT25M"
  })
  void limit_isCountedFromTheDeadline_andHasABound(Duration untilDeadline, Duration limit) {
    JudgeOptions options =
        new JudgeOptions(
            URI.create("http://localhost/v1"),
            null,
            "judge-1",
            null,
            "openai",
            Duration.ofSeconds(30),
            4,
            Duration.ofSeconds(1),
            Duration.ofMinutes(9),
            4,
            500,
            null,
            null);

    assertThat(options.limit(untilDeadline)).isEqualTo(limit);
  }
}
