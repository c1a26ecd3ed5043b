package dev.tributary.standalone.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeFormatTest {
  /** The year first; UTC unless they say otherwise. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2024-03-04T00:00:00+0200                | 2024-03-03T22:00:00Z",
        "2024-03-04 00:00:00+02                  | 2024-03-03T22:00:00Z",
        "2024-03-04 00:00:00 +02:00              | 2024-03-03T22:00:00Z",
        "2024-03-04 00:00:00 -0530               | 2024-03-04T05:30:00Z",
        "2024-03-04 00:00:00 UTC                 | 2024-03-04T00:00:00Z",
        "2024-03-04 00:00:00 GMT                 | 2024-03-04T00:00:00Z",
        "2024-03-04t00:00:00z                    | 2024-03-04T00:00:00Z",
        "2024-03-04T00:00:00+01:00[Europe/Berlin] | 2024-03-03T23:00:00Z",
        "2024-07-04T00:00:00[Europe/Berlin]      | 2024-07-03T22:00:00Z",
        "2024-3-4                                | 2024-03-04T00:00:00Z",
        "2024-3-4 1:05                           | 2024-03-04T01:05:00Z",
        "2024/3/4 1:05:09                        | 2024-03-04T01:05:09Z",
        "2024-03-04  01:05:09                    | 2024-03-04T01:05:09Z",
        "2024-03-04 00:00:00,250                 | 2024-03-04T00:00:00.250Z",
        "2024-03-04T00:00:00.123456789Z          | 2024-03-04T00:00:00.123456Z",
        "20240304T000000Z                        | 2024-03-04T00:00:00Z",
        "20240304T0105                           | 2024-03-04T01:05:00Z",
        "20240304T010509.5+0100                  | 2024-03-04T00:05:09.500Z",
        "20220101                                | 2022-01-01T00:00:00Z",
        "19700101                                | 1970-01-01T00:00:00Z",
        "20220101120000                          | 2022-01-01T12:00:00Z",
        "1.7e+09                                 | 2023-11-14T22:13:20Z",
        "1.7E9                                   | 2023-11-14T22:13:20Z",
        "1.7e12                                  | 2023-11-14T22:13:20Z",
        "1700000000.                             | 2023-11-14T22:13:20Z",
        "1969-12-31T23:59:59.5Z                  | 1969-12-31T23:59:59.500Z",
      })
  void read_waysToWriteATime_areAllRead(String text, Instant time) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, time);

    assertThat(TimeFormat.of(text).read(text)).as(text).hasValue(micros);
  }

  /** Eight digits that are no date of 1970 to 2100 are seconds. */
  @ParameterizedTest
  @ValueSource(strings = {"20221301", "20220230", "19691231", "21010101", "00000000", "2022010"})
  void of_digitsThatAreNoDate_areSeconds(String text) {
    assertThat(TimeFormat.of(text)).isEqualTo(TimeFormat.SECONDS);
  }

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
  @CsvSource({
    "yesterday",
    "2014-13-01",
    "''",
    "03/04/2024",
    "2014-04-01 1:00 PM",
    "2014-04/01",
    "2014-02-30",
    "2014-04-01T00:00:00+25:00",
    "2014-04-01T00:00:00[Mars/Base]",
    "2014-04-01T25:00:00",
    "1e9999999"
  })
  void read_notATime_isEmpty(String text) {
    assertThat(TimeFormat.of(text).read(text)).isEmpty();
  }
}
