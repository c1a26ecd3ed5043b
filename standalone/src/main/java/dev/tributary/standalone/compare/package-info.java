/**
 * Comparisons and release gates as a person or a pipeline asks for them: brings the sums, from
 * ClickHouse or from files of cases, to the statistics of module quality, and says what they say.
 */
@NullMarked
package dev.tributary.standalone.compare;

import org.jspecify.annotations.NullMarked;
