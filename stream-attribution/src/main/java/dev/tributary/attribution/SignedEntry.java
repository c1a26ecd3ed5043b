package dev.tributary.attribution;

import dev.tributary.attribution.core.SignedLine;

/**
 * An entry on its way to the ledger.
 *
 * @param bookedAtUs wall clock at writing, microseconds since the epoch
 */
record SignedEntry(SignedLine line, long bookedAtUs) {
  /** The same entry with another line. */
  SignedEntry withLine(byte[] bytes) {
    return new SignedEntry(
        new SignedLine(
            line.key(),
            line.sign(),
            line.revision(),
            line.cause(),
            line.runId(),
            line.eventTimeUs(),
            line.serviceVersion(),
            bytes),
        bookedAtUs);
  }
}
