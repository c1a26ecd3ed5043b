package dev.tributary.standalone.e2e;

import static dev.tributary.standalone.e2e.CorrectedInstance.MODEL;
import static dev.tributary.standalone.e2e.CorrectedInstance.PATIENCE;
import static dev.tributary.standalone.e2e.CorrectedInstance.TRACES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tributary.runtime.testing.ChildProcess;
import dev.tributary.standalone.correct.HaltingCorrection;
import dev.tributary.standalone.correct.OlderPrices;
import dev.tributary.standalone.correct.RunOrder;
import dev.tributary.standalone.correct.Selection;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.reference.DearerPrices;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Other prices for the past, on a whole instance, asked for as the commands ask; both the tool and
 * the instance die in the middle.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class PriceCorrectionsIT {
  @TempDir static Path folder;
  private static CorrectedInstance instance;

  @BeforeAll
  static void start() throws Exception {
    instance = CorrectedInstance.start(folder);
  }

  @AfterAll
  static void stop() {
    if (instance != null) {
      instance.close();
    }
  }

  @Test
  @Order(1)
  void prices_forthAndBack_restoreEveryView_evenWhenAllDieInTheMiddle() throws Exception {
    instance.publishBudget();
    Map<String, List<String>> before = instance.settled(TRACES);
    String money = instance.moneyEverywhere();
    instance.awaitBudget();
    long dearer = DearerPrices.publish(instance.settings(), MODEL, 2);

    StringWriter status = new StringWriter();
    new OlderPrices(instance.settings(), instance.instance().sql()).print(new PrintWriter(status));
    assertThat(status.toString())
        .contains("40 older than version %d; 40 would be priced otherwise".formatted(dearer));

    // The same catalogue changes nothing.
    assertThat(price(1, false)).contains("nothing differs");
    instance.assertSame(before);

    // Shown before anything is written.
    assertThat(price(dearer, true)).contains("nothing was written");
    instance.assertSame(before);

    // The tool dies after a third of the commands, and then everything else.
    try (ChildProcess tool =
        ChildProcess.start(
            HaltingCorrection.class,
            instance.data().toString(),
            Long.toString(instance.period().fromUs()),
            Long.toString(instance.period().untilUs()),
            Long.toString(dearer),
            Integer.toString(TRACES / 3))) {
      assertThat(tool.awaitExit(PATIENCE)).as(tool.output()).isEqualTo(HaltingCorrection.KILLED);
    }
    instance.instance().killAndStartAgain();
    assertThat(price(dearer, false, 1)).contains("is open");
    assertThat(instance.answer(desk -> desk.resume("default", "1"))).contains("0 refused");
    Map<String, List<String>> killed = instance.settledAfter(before);
    assertThat(instance.moneyEverywhere()).isNotEqualTo(money);
    instance.awaitBudget();

    // Back, and forth again without a fault: the same as with it.
    price(1, false);
    instance.awaitSnapshot(before);
    instance.awaitBudget();
    price(dearer, false);
    instance.awaitSnapshot(killed);
    instance.awaitBudget();
    price(1, false);
    instance.awaitSnapshot(before);
    instance.awaitBudget();
    assertThat(
            instance.rows(
                "SELECT count() FROM (SELECT item FROM ledger GROUP BY tenant, kind, source, item"
                    + " HAVING sum(sign) != 1)"))
        .containsExactly(List.of("0"));
  }

  /** A replay under the old prices finds what was corrected since, and posting it restores that. */
  @Test
  @Order(2)
  void replay_findsWhatDiffers_andPostsOnlyThat() throws Exception {
    Map<String, List<String>> before = instance.settled(TRACES);
    assertThat(reprocess(1, "same")).contains("nothing differs");
    long dearer = DearerPrices.publish(instance.settings(), MODEL, 3);
    price(dearer, false);
    instance.settledAfter(before);

    assertThat(reprocess(1, "old")).contains("total").contains("-");
    assertThat(instance.answer(desk -> desk.replay("default", "old", false)))
        .contains(" 0 refused");

    instance.awaitSnapshot(before);
    assertThat(instance.answer(desk -> desk.replay("default", "old", false)))
        .contains("nothing differs");
    assertThat(instance.answer(desk -> desk.dropReplay("old"))).contains("is deleted");
    assertThat(instance.answer(desk -> desk.list("default")))
        .contains("replay old")
        .contains("closed");
  }

  /** A call that a replay has not read is no line without a span: posting must not take it away. */
  @Test
  @Order(3)
  void replay_leavesAloneWhatCameSince_andKeepsToItsOrder() throws Exception {
    instance.settled(TRACES);
    assertThat(reprocess(1, "early")).contains("nothing differs");

    instance.sendCallNow();
    await("the call that came since")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(instance.rows("SELECT sum(sign * calls) FROM calls"))
                    .containsExactly(List.of(Integer.toString(TRACES + 1))));

    assertThat(instance.answer(desk -> desk.replay("default", "early", true)))
        .contains("left alone")
        .contains("nothing differs");
    Selection longer =
        new Selection(
            "default", instance.period().fromUs() - 1, instance.period().untilUs(), null, null);
    assertThatThrownBy(() -> reprocess(longer, 1, "early"))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("replay early is there already")
        .hasMessageContaining("--id");
  }

  private static String reprocess(long version, String id) {
    return reprocess(instance.period(), version, id);
  }

  private static String reprocess(Selection period, long version, String id) {
    return instance.answer(
        desk -> desk.reprocess(period, version, id, instance.data().resolve("replays")));
  }

  private static String price(long version, boolean isDryRun) {
    return price(version, isDryRun, 0);
  }

  private static String price(long version, boolean isDryRun, int code) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    try {
      int ended =
          instance.desk(out).correct(RunOrder.Kind.PRICE, instance.period(), version, isDryRun);
      assertThat(ended).as(text.toString()).isEqualTo(code);
    } catch (PlatformException e) {
      out.println(e.getMessage());
      assertThat(code).as(text.toString()).isEqualTo(1);
    }
    System.out.print(text);
    return text.toString();
  }
}
