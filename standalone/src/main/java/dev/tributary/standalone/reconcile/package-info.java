/** Providers' bills against the ledger: reads what they export, asks for what was estimated. */
@NullMarked
package dev.tributary.standalone.reconcile;

import org.jspecify.annotations.NullMarked;
