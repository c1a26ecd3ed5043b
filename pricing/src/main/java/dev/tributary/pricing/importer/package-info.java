/**
 * Reads price lists that others publish into catalogues. Texts in, cards out; the caller reads the
 * file.
 */
@NullMarked
package dev.tributary.pricing.importer;

import org.jspecify.annotations.NullMarked;
