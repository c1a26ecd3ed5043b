package dev.tributary.alertrouter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a receiver that asks for patience gets. */
final class SenderTest {
  private static final Instant NOW = Instant.parse("2026-03-04T14:07:00Z");

  @Test
  void retryAfter_secondsOrADate_atMostAQuarterOfAnHour() {
    assertThat(Sender.retryAfter("120", NOW)).isEqualTo(Duration.ofMinutes(2));
    assertThat(Sender.retryAfter("900", NOW)).isEqualTo(Duration.ofMinutes(15));
    assertThat(Sender.retryAfter("901", NOW)).isEqualTo(Duration.ofMinutes(15));
    assertThat(Sender.retryAfter("Wed, 04 Mar 2026 14:09:00 GMT", NOW))
        .isEqualTo(Duration.ofMinutes(2));
    assertThat(Sender.retryAfter("Thu, 05 Mar 2026 14:09:00 GMT", NOW))
        .isEqualTo(Duration.ofMinutes(15));
    assertThat(Sender.retryAfter("soon", NOW)).isNull();
  }
}
