package dev.tributary.standalone.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.ServiceTier;
import dev.tributary.pricing.curated.CuratedCatalogue;
import dev.tributary.pricing.reconcile.Bill;
import dev.tributary.pricing.reconcile.BilledLine;
import dev.tributary.pricing.reconcile.Cause;
import dev.tributary.pricing.reconcile.Charge;
import dev.tributary.pricing.reconcile.EstimatedUsage;
import dev.tributary.pricing.reconcile.Reconciler;
import dev.tributary.pricing.reconcile.Reconciliation;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.price.CatalogueFile;
import dev.tributary.standalone.testing.SinkEngine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the ledger has for a bill, asked of the real engine over the sink's table. */
final class LedgerUsageIT {
  private static final LocalDate DAY = LocalDate.parse("2026-03-04");

  @TempDir static Path folder;

  private static SinkEngine engine;
  private static SqlClient sql;

  @BeforeAll
  static void start() throws Exception {
    engine = SinkEngine.start(folder.resolve("data"));
    sql = engine.sql();
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  @Test
  void correctedCallsCountAsTheyAreNow() throws Exception {
    insert("corrected", "t1", 1, "10:00:00", "r1", "0.0025", 1_000);
    insert("corrected", "t1", -1, "10:00:00", "r1", "0.0025", 1_000);
    insert("corrected", "t1", 1, "10:00:00", "r1", "0.005", 1_000);

    assertThat(read("corrected")).singleElement().satisfies(one -> isUsage(one, "0.005", false));
  }

  @Test
  void retractedCallIsGone() throws Exception {
    insert("gone", "t1", 1, "10:00:00", "r1", "0.0025", 1_000);
    insert("gone", "t1", -1, "10:00:00", "r1", "0.0025", 1_000);

    assertThat(read("gone")).isEmpty();
  }

  @Test
  void laterTraceThatReportsAResponseRepeatsIt() throws Exception {
    insert("repeated", "t1", 1, "10:20:00", "r1", "0.0025", 1_000);
    insert("repeated", "t2", 1, "10:00:00", "r1", "0.0025", 1_000);
    insert("repeated", "t3", 1, "10:20:00", null, "0.0025", 1_000);

    assertThat(read("repeated"))
        .extracting(one -> one.at().toString(), EstimatedUsage::isRepeated)
        .containsExactlyInAnyOrder(
            tuple("2026-03-04T10:00:00Z", false),
            tuple("2026-03-04T10:15:00Z", true),
            tuple("2026-03-04T10:15:00Z", false));
  }

  @Test
  void callWithoutAPriceHasItsTokensAndNoCost() throws Exception {
    sql.run(
        "INSERT INTO ledger (tenant, kind, source, item, sign, revision, event_time, surface,"
            + " model_returned, usage_scope, project, input_uncached_tokens, cache_read_tokens,"
            + " price_status) VALUES ('unpriced', 'USAGE', 't1', 's', 1, 1, '2026-03-04 10:00:00',"
            + " 'openai', 'GPT-Unheard', 'CALL', 'unattributed', 70, 0, 'UNKNOWN_MODEL')",
        "TSV");

    assertThat(read("unpriced"))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.cost()).isNull();
              assertThat(one.quantity()).isEqualTo(70);
              assertThat(one.bucket()).isEqualTo(Bucket.INPUT_UNCACHED);
              assertThat(one.model()).isEqualTo("gpt-unheard");
              assertThat(one.project()).isNull();
            });
  }

  @Test
  void onlyUsageOfTheProviderAboutItsDaysIsAskedFor() throws Exception {
    insert("scope", "t1", 1, "10:00:00", "r1", "0.0025", 1_000);
    insert("scope", "t2", 1, "10:00:00", "r2", "0.0025", 1_000);
    sql.run(
        "INSERT INTO ledger (tenant, kind, source, item, sign, revision, event_time, surface,"
            + " usage_scope, cost) VALUES"
            + " ('scope', 'TRUE_UP', 'i', 'x', 1, 1, '2026-03-04 10:00:00', 'openai', 'CALL', 9),"
            + " ('scope', 'USAGE', 't3', 'x', 1, 1, '2026-03-04 10:00:00', 'anthropic', 'CALL', 9),"
            + " ('scope', 'USAGE', 't4', 'x', 1, 1, '2026-03-04 10:00:00', 'openai', 'NONE', 9),"
            + " ('scope', 'USAGE', 't5', 'x', 1, 1, '2026-03-06 10:00:00', 'openai', 'CALL', 9)",
        "TSV");

    assertThat(read("scope"))
        .singleElement()
        .satisfies(one -> assertThat(one.quantity()).isEqualTo(2_000));
  }

  @Test
  void billIsComparedWithTheLedger() throws Exception {
    insert("bill", "t1", 1, "10:00:00", "r1", "0.0025", 1_000);
    insert("bill", "t2", 1, "11:00:00", "r1", "0.0025", 1_000);
    insert("bill", "t3", 1, "12:00:00", "r3", "0.0025", 1_000);

    Reconciliation found =
        new Reconciling(CatalogueFile.read(null), new PrintWriter(new StringWriter()))
            .withLedger(List.of(bill("0.005")), sql, "bill")
            .get(0);

    assertThat(found.estimated()).isEqualByComparingTo("0.0075");
    assertThat(found.byCause()).containsOnlyKeys(Cause.DUPLICATED_TELEMETRY);
    assertThat(found.delta()).isEqualByComparingTo("-0.0025");
    assertThat(Reconciler.reconcileBilledDays(bill("0.00700000"), read("bill")).byCause())
        .as("more was billed than the ledger has once")
        .containsOnlyKeys(Cause.DUPLICATED_TELEMETRY, Cause.UNTRACKED_USAGE);
  }

  private static Bill bill(String amount) {
    return new Bill(
        "openai",
        DAY,
        DAY.plusDays(1),
        List.of(
            new BilledLine(
                DAY,
                null,
                Charge.USAGE,
                "gpt-4o",
                Bucket.INPUT_UNCACHED,
                null,
                null,
                new BigDecimal(amount),
                "gpt-4o, input")));
  }

  private static void isUsage(EstimatedUsage found, String cost, boolean isRepeated) {
    assertThat(found)
        .usingRecursiveComparison(
            RecursiveComparisonConfiguration.builder()
                .withComparatorForType(BigDecimal::compareTo, BigDecimal.class)
                .build())
        .isEqualTo(
            new EstimatedUsage(
                "openai",
                DAY.atTime(10, 0).toInstant(ZoneOffset.UTC),
                "alpha",
                "gpt-4o",
                Bucket.INPUT_UNCACHED,
                ServiceTier.BATCH,
                1_000,
                new BigDecimal(cost),
                isRepeated));
  }

  private static List<EstimatedUsage> read(String tenant) {
    return new LedgerUsage(sql, tenant, new ModelNames(CuratedCatalogue.load())).read(bill("0"));
  }

  /** Each test has a tenant of its own, and so shows that no other's lines are taken. */
  private static void insert(
      String tenant,
      String trace,
      int sign,
      String time,
      @Nullable String response,
      String cost,
      long tokens)
      throws Exception {
    sql.run(
        ("INSERT INTO ledger (tenant, kind, source, item, sign, revision, event_time, surface,"
                + " model_canonical, service_tier, usage_scope, project, response_id, cost,"
                + " cost_lines.bucket, cost_lines.quantity, cost_lines.rate_amount,"
                + " cost_lines.rate_per, cost_lines.cost) VALUES ('%s', 'USAGE', '%s', 's', %d, 1,"
                + " '2026-03-04 %s', 'openai', 'gpt-4o', 'batch', 'CALL', 'alpha', %s, %s,"
                + " ['in.text.uncached'], [%d], [2.5], [1000000], [%s])")
            .formatted(
                tenant,
                trace,
                sign,
                time,
                response == null ? "NULL" : "'" + response + "'",
                cost,
                tokens,
                cost),
        "TSV");
  }
}
