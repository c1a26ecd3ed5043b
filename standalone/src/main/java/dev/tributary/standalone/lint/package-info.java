/**
 * What a producer team has to know about its telemetry: what was understood, what is missing, and
 * how to fix it. Counting, judging and printing are apart; spans come from files or from
 * ClickHouse.
 */
@NullMarked
package dev.tributary.standalone.lint;

import org.jspecify.annotations.NullMarked;
