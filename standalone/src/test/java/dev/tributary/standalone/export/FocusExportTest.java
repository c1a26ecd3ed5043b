package dev.tributary.standalone.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.review.SqlStub;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
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

  /** A charge period is an hour: a part of one would leave the whole of it out. */
  @Test
  void range_withinAnHour_refused() {
    Instant half = FocusExport.time("--from", "2026-03-01T08:30:00Z");

    assertThatThrownBy(() -> new FocusExport.Range("default", half, half.plusSeconds(5_400)))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("--from must be a full hour");
    assertThatThrownBy(() -> new FocusExport.Range("default", FROM, half))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("--to must be a full hour");
  }

  /** A full disk or a reader that left: what is missing must not look like a whole export. */
  @Test
  void write_toAnOutputThatFails_isAnError() throws Exception {
    try (SqlStub sql = new SqlStub(asked -> "a,b\n1,2\n")) {
      PrintWriter full =
          new PrintWriter(
              new Writer() {
                @Override
                public void write(char[] text, int from, int length) throws IOException {
                  throw new IOException("no space left");
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
              });
      FocusExport.Range range =
          new FocusExport.Range("default", FROM, FocusExport.time("--to", "2026-03-04"));

      assertThatThrownBy(() -> new FocusExport(sql.client()).write(range, full))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("not all rows");
      assertThat(sql.asked()).as("asks for nothing more").hasSize(1);
    }
  }

  @Test
  void range_wrong_refusedWithTheOption() {
    assertThatThrownBy(() -> FocusExport.time("--from", "March"))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("--from");
    assertThatThrownBy(() -> new FocusExport.Range("default", FROM, FROM))
        .hasMessageContaining("--to");
    assertThatThrownBy(() -> new FocusExport.Range("No Tenant", FROM, FROM.plusSeconds(3_600)))
        .hasMessageContaining("--tenant");
  }
}
