/**
 * From closed traces to evaluation jobs under a budget, and from results to scores with the
 * dimensions of what was judged. The core is pure; one controller holds money and wall clock.
 */
@NullMarked
package dev.tributary.evaldispatch;

import org.jspecify.annotations.NullMarked;
