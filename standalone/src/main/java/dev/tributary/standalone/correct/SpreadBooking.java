package dev.tributary.standalone.correct;

import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Collection;
import java.util.HexFormat;
import java.util.function.Function;

/** Books what is spread and tells a person what became of it. */
final class SpreadBooking {
  private static final int TOKEN_BYTES = 8;

  private final CorrectionClients clients;
  private final String tenant;
  private final PrintWriter out;

  SpreadBooking(CorrectionClients clients, String tenant, PrintWriter out) {
    this.clients = clients;
    this.tenant = tenant;
    this.out = out;
  }

  void print(SpreadTable table) {
    out.print(table);
    out.flush();
  }

  /**
   * Posts what differs. Commands are stamped with the time it really is.
   *
   * @param spreads in which something differed when last looked
   * @param plans makes the plan of those that are held
   * @param isTakingOver true: closes runs that another process left open
   * @return 0; 1 where something was left alone or refused
   */
  int post(
      Collection<Spread> spreads,
      Function<Collection<Spread>, SpreadPlan> plans,
      boolean isTakingOver) {
    SpreadRun run = new SpreadRun(clients, tenant, token(), Clock.systemUTC(), isTakingOver);
    return report(run.post(spreads, plans));
  }

  private int report(SpreadRun.Outcome outcome) {
    long refused = outcome.refused().values().stream().mapToLong(Long::longValue).sum();
    say("%,d commands, %,d refused".formatted(outcome.commands(), refused));
    outcome.refused().forEach((reason, count) -> say("  refused " + reason + ": " + count));
    for (Spread spread : outcome.busy()) {
      say(
          "%s: another run is open and this one left it alone; if none is at work, repeat with --take-over"
              .formatted(spread));
    }
    return refused == 0 && outcome.busy().isEmpty() ? 0 : 1;
  }

  private static String token() {
    byte[] random = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }
}
