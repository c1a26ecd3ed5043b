package dev.tributary.standalone.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.ServiceTier;
import dev.tributary.pricing.reconcile.EstimatedUsage;
import dev.tributary.standalone.price.CatalogueFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallLogTest {
  @TempDir Path folder;

  @Test
  void estimateIsSplitByBucketAsTheCatalogueDoes() throws IOException {
    CallLog.Read read =
        read(
            call(
                "r1", "2026-11-10T10:00:00Z", "\"input\": 1000, \"output\": 100", "0.0035", false));

    assertThat(read.otherwise()).isZero();
    assertThat(read.usage())
        .usingRecursiveFieldByFieldElementComparator(
            RecursiveComparisonConfiguration.builder()
                .withComparatorForType(BigDecimal::compareTo, BigDecimal.class)
                .build())
        .containsExactly(
            usage(Bucket.INPUT_UNCACHED, 1000, "0.0025"), usage(Bucket.OUTPUT_TEXT, 100, "0.001"));
  }

  @Test
  void otherEstimateIsSpreadAndCounted() throws IOException {
    CallLog.Read read =
        read(
            call(
                "r1", "2026-11-10T10:00:00Z", "\"input\": 1000, \"output\": 100", "0.0070", false));

    assertThat(read.otherwise()).isEqualTo(1);
    assertThat(read.usage().get(0).cost()).isEqualByComparingTo("0.005");
    assertThat(read.usage().get(1).cost()).isEqualByComparingTo("0.002");
  }

  /** At $3 and $12 for a million, where the catalogue has 2.5 and 10; then at 3 and 9. */
  @Test
  void otherPricesAreThoseThatTheCallsProve() throws IOException {
    CallLog.Read read =
        read(
            call("r1", "2026-11-10T10:00:01Z", "\"input\": 1000, \"output\": 100", "0.0042", false),
            call("r2", "2026-11-10T10:20:01Z", "\"input\": 500, \"output\": 300", "0.0051", false),
            call("r3", "2026-11-10T10:40:01Z", "\"input\": 700, \"output\": 10", "0.00222", false),
            call("r4", "2026-11-10T11:00:01Z", "\"input\": 20, \"output\": 1", "0.000072", false),
            call("r5", "2026-11-10T11:20:01Z", "\"input\": 100, \"output\": 900", "0.0084", false),
            call("r6", "2026-11-10T11:40:01Z", "\"input\": 300, \"output\": 200", "0.0027", false),
            call("r7", "2026-11-10T12:00:01Z", "\"input\": 10, \"output\": 10", "0.00012", false),
            call("r8", "2026-11-10T12:20:01Z", "\"input\": 1, \"output\": 1", "0.000012", false));

    assertThat(read.otherwise()).isZero();
    assertThat(read.usage().get(0).cost()).isEqualByComparingTo("0.003");
    assertThat(read.usage().get(1).cost()).isEqualByComparingTo("0.0012");
    assertThat(read.usage().get(8).cost()).isEqualByComparingTo("0.0003");
    assertThat(read.usage().get(9).cost()).isEqualByComparingTo("0.0081");
  }

  @Test
  void batchAtFullPriceIsWhatTheLogSays() throws IOException {
    CallLog.Read read = read(call("r1", "2026-11-10T10:00:00Z", "\"input\": 1000", "0.0025", true));

    assertThat(read.otherwise()).isZero();
    assertThat(read.usage().get(0).tier()).isEqualTo(ServiceTier.BATCH);
    assertThat(read.usage().get(0).cost()).isEqualByComparingTo("0.0025");
  }

  @Test
  void laterReportOfAResponseIsTheRepetition() throws IOException {
    CallLog.Read read =
        read(
            call("r1", "2026-11-10T11:00:00Z", "\"input\": 1", "0.0000025", false),
            call("r1", "2026-11-10T10:00:00Z", "\"input\": 1", "0.0000025", false));

    assertThat(read.usage())
        .extracting(EstimatedUsage::at, EstimatedUsage::isRepeated)
        .containsExactlyInAnyOrder(
            tuple(Instant.parse("2026-11-10T10:00:00Z"), false),
            tuple(Instant.parse("2026-11-10T11:00:00Z"), true));
  }

  @Test
  void callsOfFiveMinutesAreOneSum() throws IOException {
    CallLog.Read read =
        read(
            call("r1", "2026-11-10T10:01:00Z", "\"input\": 1", "0.0000025", false),
            call("r2", "2026-11-10T10:04:59Z", "\"input\": 3", "0.0000075", false),
            call("r3", "2026-11-10T10:05:00Z", "\"input\": 1", "null", false));

    assertThat(read.usage())
        .extracting(one -> one.at().toString(), EstimatedUsage::quantity, one -> one.cost() == null)
        .containsExactly(
            tuple("2026-11-10T10:00:00Z", 4L, false), tuple("2026-11-10T10:05:00Z", 1L, true));
    assertThat(read.usage().get(0).cost()).isEqualByComparingTo("0.00001");
  }

  @Test
  void noEstimateIsNoPriceAndNotZero() throws IOException {
    CallLog.Read read = read(call("r1", "2026-11-10T10:00:00Z", "\"input\": 1000", "null", false));

    assertThat(read.usage().get(0).cost()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | not JSON",
        "[] | must be an object",
        "{\"provider\": \"openai\", \"model\": \"gpt-4o\", \"tokens\": {}} | 'ts' is missing",
        "{\"ts\": \"today\", \"provider\": \"openai\", \"model\": \"m\", \"tokens\": {}} | 'ts' must be a time",
        "{\"ts\": \"2026-11-10T10:00:00Z\", \"provider\": \"openai\", \"model\": \"m\"} | 'tokens' must be an object",
        "{\"ts\": \"2026-11-10T10:00:00Z\", \"provider\": \"openai\", \"model\": \"m\", \"tokens\": {\"holograms\": 1}} | unknown count holograms",
        "{\"ts\": \"2026-11-10T10:00:00Z\", \"provider\": \"openai\", \"model\": \"m\", \"tokens\": {\"input\": -1}} | must be one count of at least 0",
        "{\"ts\": \"2026-11-10T10:00:00Z\", \"provider\": \"openai\", \"model\": \"m\", \"tokens\": {\"input\": 1}, \"estimated_cost_usd\": \"1\"} | no price is known for openai m",
      })
  void lineThatCannotBeUsedIsNamed(String line, String problem) {
    assertThatThrownBy(() -> read("", line))
        .isInstanceOf(BillException.class)
        .hasMessageContaining("calls.jsonl, line 2")
        .hasMessageContaining(problem);
  }

  private CallLog.Read read(String... lines) throws IOException {
    Path file = Files.writeString(folder.resolve("calls.jsonl"), String.join("\n", lines));
    return CallLog.read(file, CatalogueFile.read(null));
  }

  private static String call(
      String response, String at, String tokens, String cost, boolean isBatch) {
    return """
        {"response_id": "%s", "ts": "%s", "provider": "openai", "model": "gpt-4o", "project": "p", \
        "tokens": {%s}, "batch": %s, "estimated_cost_usd": %s}"""
        .formatted(response, at, tokens, isBatch, cost.equals("null") ? cost : '"' + cost + '"');
  }

  private static EstimatedUsage usage(Bucket bucket, long quantity, String cost) {
    return new EstimatedUsage(
        "openai",
        Instant.parse("2026-11-10T10:00:00Z"),
        "p",
        "gpt-4o",
        bucket,
        ServiceTier.STANDARD,
        quantity,
        new BigDecimal(cost),
        false);
  }
}
