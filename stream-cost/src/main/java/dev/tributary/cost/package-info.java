/** Ledger and scores to windowed cost, traffic and quality aggregates. */
@NullMarked
package dev.tributary.cost;

import org.jspecify.annotations.NullMarked;
