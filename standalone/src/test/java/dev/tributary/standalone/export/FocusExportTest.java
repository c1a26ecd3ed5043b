package dev.tributary.standalone.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.review.SqlStub;
import java.io.StringWriter;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The file that is written; its rows are tested where the view lives. */
class FocusExportTest {
  private static final Instant FROM = FocusExport.time("--from", "2026-03-01");

  @Test
  void write_severalDays_oneHeaderThenEveryDay() throws Exception {
    try (SqlStub sql =
        new SqlStub(asked -> asked.contains("1772323200") ? "a,b\n1,2\n" : "3,4\n")) {
      StringWriter file = new StringWriter();
      FocusExport.Range range =
          new FocusExport.Range("default", FROM, FocusExport.time("--to", "2026-03-03T12:00:00Z"));

      long rows = new FocusExport(sql.client()).write(range, file);

      assertThat(rows).isEqualTo(3);
      assertThat(file).hasToString("a,b\n1,2\n3,4\n3,4\n");
      assertThat(sql.asked()).hasSize(3);
      assertThat(sql.asked().get(0)).contains("format=CSVWithNames");
      assertThat(sql.asked().get(2)).contains("format=CSV").doesNotContain("CSVWithNames");
      assertThat(sql.asked().get(2)).contains("ChargePeriodStart < toDateTime(1772539200, 'UTC')");
    }
  }

  @Test
  void range_wrong_refusedWithTheOption() {
    assertThatThrownBy(() -> FocusExport.time("--from", "March"))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("--from");
    assertThatThrownBy(() -> new FocusExport.Range("default", FROM, FROM))
        .hasMessageContaining("--to");
    assertThatThrownBy(() -> new FocusExport.Range("No Tenant", FROM, FROM.plusSeconds(1)))
        .hasMessageContaining("--tenant");
  }
}
