package dev.tributary.standalone.episode;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EpisodeReportTest {
  @Test
  void money_saysWhatIsKnown() {
    assertThat(EpisodeReport.money("59.78", "1.25"))
        .isEqualTo("$59.78 above baseline so far, $1.25/h");
    assertThat(EpisodeReport.money("59.78", "")).isEqualTo("$59.78 above baseline so far");
    assertThat(EpisodeReport.money("", "")).isEmpty();
  }
}
