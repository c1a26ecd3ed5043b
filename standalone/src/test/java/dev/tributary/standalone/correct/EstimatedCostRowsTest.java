package dev.tributary.standalone.correct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.pricing.allocation.Consumer;
import dev.tributary.pricing.reconcile.Cause;
import dev.tributary.pricing.reconcile.Finding;
import dev.tributary.schemas.Provenance;
import dev.tributary.standalone.review.SqlStub;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EstimatedCostRowsTest {
  private static final LocalDate FIRST = LocalDate.parse("2026-03-01");
  private static final Finding IN =
      new Finding(
          "openai", FIRST, "gpt-4o", "in.text.uncached", Cause.PRICE_DIFFERENCE, BigDecimal.ONE);
  private static final Finding TAX =
      new Finding("it's", FIRST, null, null, Cause.TAX, BigDecimal.ONE);

  @Test
  void read_rows_areWeightsOfTheirOwners() throws IOException {
    String rows =
        row("2026-03-01", "openai", "\"gpt-4o\"", "in.text.uncached", "search", "0.25")
            + row("2026-03-01", "openai", "\"gpt-4o\"", "out.text", "chat", "7")
            + row("2026-03-01", "openai", "null", "", "unattributed", "3")
            + row("2026-03-02", "it's", "null", "", "unattributed", "0.000000000000000001");
    try (SqlStub clickHouse = new SqlStub(sql -> sql.contains("unpriced") ? "" : rows)) {
      EstimatedCosts costs =
          new EstimatedCostRows(clickHouse.client())
              .read("default", List.of(IN, TAX), FIRST, LocalDate.parse("2026-03-31"));

      Consumer search = new Consumer("prod", "search", "discovery", null);
      CostUse of = costs.bearing(IN);
      assertThat(of.costs()).isEqualTo(Map.of(search, new BigDecimal("0.25")));
      assertThat(of.part(search).costCenter()).isEqualTo("cc-1");
      assertThat(of.part(search).provenance(OwnerPart.Tag.TEAM)).isEqualTo(Provenance.RULE);
      assertThat(costs.bearing(TAX).costs())
          .isEqualTo(
              Map.of(
                  new Consumer("prod", null, "discovery", null),
                  new BigDecimal("0.000000000000000001")));
      assertThat(clickHouse.asked())
          .hasSize(2)
          .allSatisfy(
              sql ->
                  assertThat(sql)
                      .contains(
                          "tenant = 'default'",
                          "surface IN ('openai', 'it\\'s')",
                          "event_time >= toDateTime(1772323200, 'UTC')",
                          "event_time < toDateTime(1775001600, 'UTC')"));
    }
  }

  @Test
  void read_tokensWithoutAPrice_bearWhatWasBilledForThem() throws IOException {
    Finding unpriced =
        new Finding("openai", FIRST, "o9", "out.text", Cause.UNPRICED_USAGE, BigDecimal.ONE);
    Finding untracked =
        new Finding("openai", FIRST, "o9", "out.text", Cause.UNTRACKED_USAGE, BigDecimal.ONE);
    String priced = row("2026-03-01", "openai", "\"gpt-4o\"", "out.text", "chat", "7");
    String tokens = row("2026-03-01", "openai", "\"o9\"", "unpriced", "search", "7000");
    try (SqlStub clickHouse =
        new SqlStub(sql -> sql.contains("unpriced_tokens") ? tokens : priced)) {
      EstimatedCosts costs =
          new EstimatedCostRows(clickHouse.client())
              .read("default", List.of(unpriced, untracked), FIRST, FIRST);

      assertThat(costs.bearing(unpriced).costs())
          .containsOnlyKeys(new Consumer("prod", "search", "discovery", null));
      assertThat(costs.bearing(untracked).costs())
          .as("tokens are no amount, and bear nothing else")
          .isEqualTo(Map.of(new Consumer("prod", "chat", "discovery", null), new BigDecimal("7")));
    }
  }

  private static String row(
      String day, String surface, String model, String bucket, String feature, String cost) {
    return """
    ["%s","%s",%s,"%s","prod","%s","discovery","unattributed","cc-1",\
    "RESOURCE","OWN","RULE","UNATTRIBUTED","UNATTRIBUTED","%s"]
    """
        .formatted(day, surface, model, bucket, feature, cost);
  }
}
