package dev.tributary.standalone.correct;

import dev.tributary.runtime.config.Settings;
import dev.tributary.schemas.Correction;
import dev.tributary.schemas.CorrectionCommand;
import dev.tributary.schemas.Keys;
import java.time.Duration;

/** What a booking that was killed after it opened its run leaves behind. */
public final class HeldInvoice {
  private HeldInvoice() {}

  /** Opens the run of an invoice and lets nobody close it. */
  public static void open(Settings settings, String tenant, String invoiceId, Duration patience) {
    Spread.Invoice invoice = new Spread.Invoice(invoiceId);
    try (CorrectionClients clients = CorrectionClients.open(settings, patience);
        RunTopic topic = new RunTopic(clients)) {
      topic.send(
          Keys.trace(tenant, invoiceId),
          Correction.newBuilder()
              .setTenant(tenant)
              .setRunId(invoice.runId())
              .setCommand(CorrectionCommand.OPEN_RUN)
              .setKind(invoice.kind())
              .setReason("killed")
              .setIssuedAtUs(0)
              .build());
      topic.awaitOwner();
    }
  }
}
