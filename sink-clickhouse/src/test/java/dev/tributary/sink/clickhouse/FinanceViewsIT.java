package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Coverage, unit costs, chargeback and FOCUS rows: each answer counted by hand from a few rows. */
final class FinanceViewsIT {
  private static EngineFixture engine;

  @BeforeAll
  static void start() throws SQLException {
    engine = EngineFixture.start();
    Migrations.apply(engine.options("finance"), Duration.ofDays(14));
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  @Test
  void coverageAndUnitCosts_whatIsKnown() {
    engine.execute(
        "INSERT INTO finance.calls (tenant, kind, source, item, sign, revision, event_time, feature,"
            + " service_name, feature_provenance, price_status, cost, unpriced_tokens, calls,"
            + " input_uncached_tokens) VALUES"
            + " ('other', 'USAGE', 'k', '1', 1, 1, '2026-03-05 10:00:00', 'known', 'svc', 'OWN', 'PRICED', 0.75, 0, 1, 30),"
            + " ('other', 'USAGE', 'k', '2', 1, 1, '2026-03-05 10:00:00', 'known', 'svc', 'RULE', 'PRICED', 0.25, 0, 1, 60),"
            + " ('other', 'USAGE', 'k', '3', 1, 1, '2026-03-05 10:00:00', 'known', 'svc', 'RULE', 'UNKNOWN_MODEL', NULL, 10, 1, 10),"
            + " ('other', 'ALLOCATION', 'k', '4', 1, 1, '2026-03-05 10:00:00', 'known', NULL, 'RULE', 'ALLOCATED', 4, 0, 0, NULL),"
            + " ('other', 'TRUE_UP', 'k', '5', 1, 1, '2026-03-05 10:00:00', 'known', NULL, 'RULE', 'ALLOCATED', -2, 0, 0, NULL)");

    assertThat(
            engine.texts(
                "SELECT toString((calls, attributed_calls, cost, cost_attributed, priced_calls,"
                    + " unpriced_calls, priced_tokens_share, attributed_cost_share)) FROM finance.coverage"
                    + " WHERE service = 'svc'"))
        .containsExactly("(3,1,1,0.75,2,1,0.9,0.75)");
    assertThat(
            engine.texts(
                "SELECT toString((calls, known_cost, allocated_cost, reconciled_cost, unpriced_calls)) FROM"
                    + " finance.unit_costs WHERE feature = 'known'"))
        .containsExactly("(3,3,4,-2,1)");
    assertThat(
            engine.texts(
                "SELECT toString((sum(known_cost), sum(allocated_cost), sum(reconciled_cost))) FROM"
                    + " finance.chargeback WHERE feature = 'known'"))
        .containsExactly("(3,4,-2)");
  }

  /** A true-up of February, whose month has 28 days, and a line priced by the piece. */
  @Test
  void focus_trueUpAndUnits_inTheirMonth() {
    engine.execute(
        "INSERT INTO finance.ledger (tenant, kind, source, item, sign, revision, event_time, feature,"
            + " price_status, cost, cost_lines.bucket, cost_lines.quantity, cost_lines.rate_amount,"
            + " cost_lines.rate_per, cost_lines.cost, calls) VALUES"
            + " ('default', 'TRUE_UP', 'inv', '1', 1, 1, '2026-02-28 23:59:59', 'bill', 'ALLOCATED', -0.25, [], [], [], [], [], 0),"
            + " ('default', 'USAGE', 'inv', '2', 1, 1, '2026-02-28 23:59:59', 'bill', 'PRICED', 0.5,"
            + " ['seconds', 'out.text'], [2, 7], [0.25, NULL], [1, 1000000], [0.5, NULL], 1)");

    assertThat(
            engine.texts(
                "SELECT toString((ChargeCategory, x_cost_state, BilledCost, PricingUnit,"
                    + " PricingQuantity, BillingPeriodStart, BillingPeriodEnd, ChargePeriodEnd)) FROM finance.focus"
                    + " WHERE x_feature = 'bill' ORDER BY BilledCost"))
        .containsExactly(
            "('Adjustment','reconciled',-0.25,NULL,NULL,'2026-02-01 00:00:00','2026-03-01 00:00:00',"
                + "'2026-03-01 00:00:00')",
            "('Usage','estimated',0.5,'Seconds',2,'2026-02-01 00:00:00','2026-03-01 00:00:00',"
                + "'2026-03-01 00:00:00')");
  }

  /** What differs for two reasons, or on two invoices, is several charges. */
  @Test
  void focus_trueUps_sayWhichInvoiceAndWhy() {
    String line =
        "('default', 'TRUE_UP', '%s', '%s', 1, 1, '2026-01-31 23:59:59', 'why', 'openai', %s, 'ALLOCATED', '%s', %s)";
    engine.execute(
        "INSERT INTO finance.ledger (tenant, kind, source, item, sign, revision, event_time, feature,"
            + " surface, model_canonical, price_status, price_reason, cost) VALUES "
            + line.formatted("inv-1", "1", "NULL", "tax", "0.5")
            + ','
            + line.formatted("inv-1", "2", "NULL", "credit", "-0.5")
            + ','
            + line.formatted("inv-1", "3", "'m1'", "price_difference", "0.25")
            + ','
            + line.formatted("inv-1", "4", "'m1'", "price_difference", "0.25")
            + ','
            + line.formatted("inv-2", "1", "'m1'", "price_difference", "0.125"));

    assertThat(
            engine.texts(
                "SELECT toString((InvoiceId, ChargeCategory, ChargeDescription, BilledCost, x_cost_state))"
                    + " FROM finance.focus WHERE x_feature = 'why' ORDER BY InvoiceId, ChargeCategory"))
        .containsExactly(
            "('inv-1','Adjustment','m1, price_difference',0.5,'reconciled')",
            "('inv-1','Credit','unknown, credit',-0.5,'reconciled')",
            "('inv-1','Tax','unknown, tax',0.5,'reconciled')",
            "('inv-2','Adjustment','m1, price_difference',0.125,'reconciled')");
    assertThat(
            engine.texts(
                "SELECT toString(count()) FROM finance.focus WHERE InvoiceId IS NOT NULL AND x_cost_state !="
                    + " 'reconciled'"))
        .containsExactly("0");
  }
}
