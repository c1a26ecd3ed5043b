package dev.tributary.standalone.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.pricing.reconcile.Bill;
import dev.tributary.pricing.reconcile.Reconciliation;
import dev.tributary.runtime.testing.TestData;
import dev.tributary.standalone.price.CatalogueFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bills in the providers' own formats with calls, and what is known to have gone wrong. */
class InvoiceCasesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01_clean",
        "04_duplicate_telemetry",
        "06_discount_credit_tax",
        "09_unpriced_model"
      })
  void differenceIsSplitAsItWasMade(String name) throws IOException {
    Path given = TestData.path("pricing", "invoice_cases", name);
    Path written = folder.resolve(name + ".json");
    JsonNode truth = JSON.readTree(Files.readString(given.resolve("truth.json")));

    StringWriter notes = new StringWriter();
    Reconciling reconciling =
        new Reconciling(CatalogueFile.read(null), new PrintWriter(notes, true));
    List<Bill> bills =
        reconciling.bills(
            new Reconciling.Files(
                List.of(withoutHints(given, "openai_costs.json")),
                List.of(withoutHints(given, "anthropic_cost_report.json")),
                Map.of()));
    List<Reconciliation> results = reconciling.withLog(bills, given.resolve("ledger.jsonl"));
    ReconcileReport.write(written, results);

    assertThat(notes.toString()).isEmpty();
    Map<String, BigDecimal> causes = new TreeMap<>();
    BigDecimal sum = BigDecimal.ZERO;
    for (JsonNode row : JSON.readTree(Files.readString(written))) {
      BigDecimal amount = new BigDecimal(row.get("amount_usd").textValue());
      causes.merge(row.get("cause").textValue(), amount, BigDecimal::add);
      sum = sum.add(amount);
    }
    Map<String, BigDecimal> expected = new TreeMap<>();
    for (Map.Entry<String, JsonNode> cause : truth.get("causes_usd").properties()) {
      expected.put(cause.getKey(), new BigDecimal(cause.getValue().textValue()));
    }
    assertThat(causes).isEqualTo(scaled(expected, causes));
    assertThat(sum).isEqualByComparingTo(truth.get("delta_usd").textValue());
  }

  /** Equal amounts of other scales are one amount; a map compares them by equals. */
  private static Map<String, BigDecimal> scaled(
      Map<String, BigDecimal> expected, Map<String, BigDecimal> found) {
    Map<String, BigDecimal> scaled = new TreeMap<>(expected);
    found.forEach(
        (cause, amount) ->
            scaled.computeIfPresent(
                cause, (unused, other) -> other.compareTo(amount) == 0 ? amount : other));
    return scaled;
  }

  /** No provider's reply says what the test data adds, such as the quantity. */
  private Path withoutHints(Path given, String name) throws IOException {
    JsonNode page = JSON.readTree(Files.readString(given.resolve(name)));
    page.findParents("x_quantity_tokens")
        .forEach(
            result -> ((ObjectNode) result).remove(List.of("x_quantity_tokens", "x_amount_exact")));
    return Files.writeString(folder.resolve(name), page.toString());
  }
}
