/**
 * The curated public prices shipped with the library. The only part of it that reads anything:
 * class-path resources.
 */
@NullMarked
package dev.tributary.pricing.curated;

import org.jspecify.annotations.NullMarked;
