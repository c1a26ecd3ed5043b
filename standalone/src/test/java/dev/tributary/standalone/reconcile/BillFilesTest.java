package dev.tributary.standalone.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.ServiceTier;
import dev.tributary.pricing.curated.CuratedCatalogue;
import dev.tributary.pricing.reconcile.Bill;
import dev.tributary.pricing.reconcile.BilledLine;
import dev.tributary.pricing.reconcile.Charge;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What providers export, read into bills, and what is refused by its place. */
class BillFilesTest {
  private static final long DAY = 86_400;
  private static final long FIRST = 1_794_268_800;

  private static final String HEADER =
      "BilledCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,"
          + "ChargeDescription,ServiceCategory,ConsumedQuantity,ConsumedUnit,x_model,x_token_type\n";

  @TempDir Path folder;
  private final BillFiles files = new BillFiles(CuratedCatalogue.load());

  @Test
  void pagesOfOpenAiAreOneBill() throws IOException {
    Path first = page("1.json", true, bucket(0, "0.30000000000000004", "usd", "gpt-4o, input"));
    Path second = page("2.json", false, bucket(1, "\"2.5\"", "USD", "gpt-4o, output"), empty(2));

    Bill bill = files.openAi(List.of(first, second));

    assertThat(bill).isNotNull();
    assertThat(bill.from()).isEqualTo(LocalDate.parse("2026-11-10"));
    assertThat(bill.until()).isEqualTo(LocalDate.parse("2026-11-13"));
    assertThat(bill.lines())
        .extracting(BilledLine::model, BilledLine::bucket, BilledLine::amount)
        .containsExactly(
            tuple("gpt-4o", Bucket.INPUT_UNCACHED, new BigDecimal("0.30000000000000004")),
            tuple("gpt-4o", Bucket.OUTPUT_TEXT, new BigDecimal("2.5")));
  }

  @Test
  void missingPageIsRefused() throws IOException {
    Path first = page("1.json", true, bucket(0, "0.3", "usd", "gpt-4o, input"));

    assertThatThrownBy(() -> files.openAi(List.of(first)))
        .isInstanceOf(BillException.class)
        .hasMessageContaining("1.json: has_more is true");
  }

  @Test
  void dayBetweenOthersMustNotBeMissing() throws IOException {
    Path page = page("1.json", false, empty(0), empty(2));

    assertThatThrownBy(() -> files.openAi(List.of(page)))
        .hasMessage("openai: the bill has no day 2026-11-11 between others");
  }

  @Test
  void dayThatStandsTwiceIsRefused() throws IOException {
    Path page = page("1.json", false, empty(0), empty(0));

    assertThatThrownBy(() -> files.openAi(List.of(page)))
        .hasMessageContaining("1.json, data 2: the day 2026-11-10 stands in")
        .hasMessageContaining("data 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.3 | eur | currency eur; only USD is allowed",
        "\"much\" | usd | 'value' must be a decimal number",
        "null | usd | 'amount.value' is missing",
      })
  void amountThatCannotBeUsedIsNamedByItsPlace(String value, String currency, String problem)
      throws IOException {
    Path page = page("1.json", false, bucket(0, value, currency, "gpt-4o, input"));

    assertThatThrownBy(() -> files.openAi(List.of(page)))
        .isInstanceOf(BillException.class)
        .hasMessageContaining("1.json, data 1, result 1")
        .hasMessageContaining(problem);
  }

  @Test
  void centsOfAnthropicAreDollarsAndItsTiersAreKept() throws IOException {
    Path file =
        write(
            "a.json",
            """
            {"data": [{"starting_at": "2026-11-10T00:00:00Z", "ending_at": "2026-11-11T00:00:00Z", "results": [
              {"currency": "USD", "amount": "12.345", "workspace_id": "w", "description": "x",
               "cost_type": "tokens", "model": "claude-sonnet-4-5", "service_tier": "batch",
               "token_type": "cache_creation.ephemeral_1h_input_tokens"},
              {"currency": "USD", "amount": "100", "workspace_id": null, "description": "Web Search Usage",
               "cost_type": "web_search", "model": null, "service_tier": null, "token_type": null},
              {"currency": "USD", "amount": "-50", "workspace_id": null, "description": "Promotional credit",
               "cost_type": null, "model": null, "service_tier": null, "token_type": null}]}],
             "has_more": false}
            """);

    Bill bill = files.anthropic(List.of(file));

    assertThat(bill).isNotNull();
    assertThat(bill.total()).isEqualByComparingTo("0.62345");
    assertThat(bill.lines().get(0))
        .isEqualTo(
            new BilledLine(
                LocalDate.parse("2026-11-10"),
                "w",
                Charge.USAGE,
                "claude-sonnet-4-5",
                Bucket.CACHE_WRITE_1H,
                ServiceTier.BATCH,
                null,
                new BigDecimal("0.12345"),
                "x"));
    assertThat(bill.lines().get(1).bucket()).isEqualTo(Bucket.TOOL_WEB_SEARCH);
    assertThat(bill.lines().get(2).charge()).isEqualTo(Charge.CREDIT);
  }

  @Test
  void rowsOfFocusStateQuantities() throws IOException {
    Path file =
        write(
            "f.csv",
            HEADER
                + "1.5,USD,Usage,2026-11-10T00:00:00Z,2026-11-11T00:00:00Z,,AI and Machine Learning,"
                + "2,1M Tokens,gpt-4o,in.text.uncached\n"
                + "9,USD,Usage,2026-11-10 00:00:00,2026-11-11 00:00:00,Disks,Storage,5,GB,,\n"
                + "-1,USD,Credit,2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,Credit,,,,,\n");

    FocusBill.Read read = FocusBill.read(file, "openai", new ModelNames(CuratedCatalogue.load()));

    assertThat(read.leftOut()).isEqualTo(1);
    assertThat(read.leftOutCost()).isEqualByComparingTo("9");
    assertThat(read.bill().total()).isEqualByComparingTo("0.5");
    assertThat(read.bill().lines().get(0).quantity()).isEqualByComparingTo("2000000");
    assertThat(read.bill().lines().get(1).day()).isEqualTo(LocalDate.parse("2026-11-10"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x,USD,Usage,2026-11-10T00:00:00Z,2026-11-11T00:00:00Z | BilledCost must be a decimal number: x",
        "1,EUR,Usage,2026-11-10T00:00:00Z,2026-11-11T00:00:00Z | currency EUR",
        "1,USD,Gift,2026-11-10T00:00:00Z,2026-11-11T00:00:00Z | ChargeCategory Gift; allowed are",
        "1,USD,Usage,11/10/26,11/11/26 | ChargePeriodStart must be a time in UTC",
        "1,USD,Usage,2026-11-01T00:00:00Z,2026-12-01T00:00:00Z | must lie within a day",
      })
  void rowThatCannotBeUsedIsNamedByItsLine(String row, String problem) throws IOException {
    Path file = write("f.csv", HEADER + row + ",,,,,gpt-4o,in.text.uncached\n");

    assertThatThrownBy(
            () -> FocusBill.read(file, "openai", new ModelNames(CuratedCatalogue.load())))
        .isInstanceOf(BillException.class)
        .hasMessageContaining("f.csv, line 2")
        .hasMessageContaining(problem);
  }

  private Path page(String name, boolean hasMore, String... buckets) throws IOException {
    return write(
        name,
        "{\"object\": \"page\", \"data\": [%s], \"has_more\": %s}"
            .formatted(String.join(",", buckets), hasMore));
  }

  private static String bucket(int day, String value, String currency, String item) {
    return """
        {"object": "bucket", "start_time": %d, "end_time": %d, "results": [
          {"object": "organization.costs.result", "amount": {"value": %s, "currency": "%s"},
           "line_item": "%s", "project_id": "p"}]}
        """
        .formatted(FIRST + day * DAY, FIRST + (day + 1) * DAY, value, currency, item);
  }

  private static String empty(int day) {
    return "{\"start_time\": %d, \"end_time\": %d, \"results\": []}"
        .formatted(FIRST + day * DAY, FIRST + (day + 1) * DAY);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
