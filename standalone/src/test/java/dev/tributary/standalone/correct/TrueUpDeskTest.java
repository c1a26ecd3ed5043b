package dev.tributary.standalone.correct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.pricing.reconcile.Cause;
import dev.tributary.pricing.reconcile.Finding;
import dev.tributary.runtime.config.Settings;
import dev.tributary.standalone.correct.TrueUpDesk.Period;
import dev.tributary.standalone.platform.PlatformException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrueUpDeskTest {
  private static final LocalDate FIRST = LocalDate.parse("2026-03-01");
  private static final LocalDate LAST = LocalDate.parse("2026-03-31");

  /** An invoice that differs by its tax alone is of its month all the same. */
  @Test
  void period_isWhatIsStated_andWhateverFindingsAreOf() {
    List<Finding> findings = List.of(of("2026-03-31"), of("2026-03-12"));

    assertThat(Period.of(null, findings)).isEqualTo(new Period(of("2026-03-12").day(), LAST));
    assertThat(Period.of(new Period(FIRST, LAST), findings)).isEqualTo(new Period(FIRST, LAST));
    assertThat(Period.of(new Period(FIRST, FIRST), findings)).isEqualTo(new Period(FIRST, LAST));
    assertThatThrownBy(() -> new Period(LAST, FIRST))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("2026-03-31");
  }

  /** Nobody is at the address: what is refused is refused before anybody is asked. */
  @Test
  void book_invoiceWithoutAnId_orTenantThatIsNone_isRefused() {
    TrueUpDesk desk =
        new TrueUpDesk(
            Settings.of(Map.of("tributary.broker.bootstrap-servers", "127.0.0.1:1")),
            Duration.ofSeconds(1),
            new PrintWriter(new StringWriter()),
            Clock.systemUTC());

    assertThatThrownBy(() -> desk.book("default", " ", List.of(), TrueUpDesk.Options.DEFAULT))
        .isInstanceOf(PlatformException.class)
        .hasMessage("an invoice needs an id");
    assertThatThrownBy(
            () -> desk.book("x' OR 1=1 --", "inv", List.of(), TrueUpDesk.Options.DEFAULT))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("no name of a tenant");
  }

  private static Finding of(String day) {
    return new Finding("openai", LocalDate.parse(day), null, null, Cause.TAX, BigDecimal.ONE);
  }
}
