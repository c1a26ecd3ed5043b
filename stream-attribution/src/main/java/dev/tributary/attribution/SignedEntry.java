package dev.tributary.attribution;

import dev.tributary.attribution.core.SignedLine;

/**
 * An entry on its way to the ledger.
 *
 * @param bookedAtUs wall clock at writing, microseconds since the epoch
 */
record SignedEntry(SignedLine line, long bookedAtUs) {}
