package dev.tributary.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeriesResultTest {
  private static SeriesResult.Use use(long wall, long application, long broker) {
    return new SeriesResult.Use(
        Duration.ofSeconds(wall), Duration.ofSeconds(application), Duration.ofSeconds(broker));
  }

  /** Eleven minutes of 10 s, but the tenth, which took 40; then 10 s of rest: 150 s in all. */
  private static SeriesResult eleven() {
    List<SeriesResult.Minute> minutes = new ArrayList<>();
    for (int number = 1; number <= 11; number++) {
      long wall = number == 10 ? 40 : 10;
      minutes.add(new SeriesResult.Minute(number, use(wall, 8, 2), 100L * number, 1 << 20, 3.5));
    }
    return new SeriesResult(7_000, 2, minutes, use(10, 12, 8));
  }

  @Test
  void elevenMinutes_countAsTheTenOfWholeSteps() {
    SeriesResult result = eleven();

    assertThat(result.counted()).isEqualTo(10);
    assertThat(result.timesRealTime()).isCloseTo(10 * 60 / 150.0, within(1e-9));
    assertThat(result.perMinute(SeriesResult.Use::application)).isCloseTo(10, within(1e-9));
    assertThat(result.perMinute(SeriesResult.Use::broker)).isCloseTo(3, within(1e-9));
    assertThat(result.timesCpu()).isCloseTo(120 / 13.0, within(1e-9));
    assertThat(result.worst().number()).isEqualTo(10);
    assertThat(result.worst().closesStep()).isTrue();
  }

  @Test
  void print_saysHowManyTimesRealTime() {
    StringWriter text = new StringWriter();

    eleven().print(new PrintWriter(text));

    assertThat(text.toString())
        .contains("15.0 s on the clock, CPU 10.0 s application, 3.0 s broker, of 120 s")
        .contains("worst minute: 10, 40.0 s on the clock, CPU 8.0 s application")
        .contains("1,100 records")
        .contains("7,000 series: 4.0 times real time on the clock, 9.2 times by CPU");
  }

  @Test
  void behind_countsWhatIsNotCommitted() {
    Map<Integer, Long> ends = Map.of(0, 100L, 1, 50L, 2, 7L);

    assertThat(GroupOffsets.behind(Map.of(), ends)).isEqualTo(157);
    assertThat(GroupOffsets.behind(Map.of(0, 90L, 1, 60L), ends)).isEqualTo(17);
    assertThat(GroupOffsets.behind(Map.of(0, 100L, 1, 50L, 2, 7L), ends)).isZero();
  }
}
