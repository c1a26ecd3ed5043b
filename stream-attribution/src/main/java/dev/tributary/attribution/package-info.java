/** Spans to traces, usage, attribution and price: the signed ledger. */
@NullMarked
package dev.tributary.attribution;

import org.jspecify.annotations.NullMarked;
