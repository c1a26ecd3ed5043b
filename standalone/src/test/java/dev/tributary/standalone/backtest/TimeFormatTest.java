package dev.tributary.standalone.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeFormatTest {
  @ParameterizedTest
  @CsvSource({
    "2014-04-01 00:00:00, ISO, 1396310400000000",
    "2014-04-01T00:00:00Z, ISO, 1396310400000000",
    "2014-04-01T02:00:00+02:00, ISO, 1396310400000000",
    "2014-04-01 00:00:00.25, ISO, 1396310400250000",
    "2014-04-01 00:00, ISO, 1396310400000000",
    "2014/04/01, ISO, 1396310400000000",
    "1396310400, SECONDS, 1396310400000000",
    "1396310400.5, SECONDS, 1396310400500000",
    "1396310400000, MILLIS, 1396310400000000",
    "1396310400000000, MICROS, 1396310400000000",
    "1396310400000000000, NANOS, 1396310400000000",
    "17, SECONDS, 17000000"
  })
  void of_timestamp_isDetectedAndRead(String text, TimeFormat format, long micros) {
    assertThat(TimeFormat.of(text)).isEqualTo(format);
    assertThat(format.read(text)).hasValue(micros);
  }

  @ParameterizedTest
  @CsvSource({"yesterday", "2014-13-01", "''", "2014-04-01T25:00:00", "1e9999999"})
  void read_notATime_isEmpty(String text) {
    assertThat(TimeFormat.of(text).read(text)).isEmpty();
  }
}
