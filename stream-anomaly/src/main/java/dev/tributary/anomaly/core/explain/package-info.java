/**
 * Why a total changed: the search for the slices that carry the change, and the exact split of the
 * change into its factors. Pure.
 */
@NullMarked
package dev.tributary.anomaly.core.explain;

import org.jspecify.annotations.NullMarked;
