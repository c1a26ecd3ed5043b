/** Exports for other tools: the ledger as FOCUS rows. */
@NullMarked
package dev.tributary.standalone.export;

import org.jspecify.annotations.NullMarked;
