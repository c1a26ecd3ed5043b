/**
 * What providers billed against what the ledger estimated: matched line by line, the difference
 * split by cause. Pure: it reads neither files nor ClickHouse.
 */
@NullMarked
package dev.tributary.pricing.reconcile;

import org.jspecify.annotations.NullMarked;
