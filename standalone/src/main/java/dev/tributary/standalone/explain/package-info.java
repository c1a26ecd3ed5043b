/** The slices that carry a change between two files of cells, offline. */
@NullMarked
package dev.tributary.standalone.explain;

import org.jspecify.annotations.NullMarked;
