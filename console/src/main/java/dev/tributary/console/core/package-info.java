/**
 * What may be asked, and the SQL that it means: pure. Statements are fixed texts of this package;
 * what a browser sends travels in ClickHouse's typed parameters only.
 */
@NullMarked
package dev.tributary.console.core;

import org.jspecify.annotations.NullMarked;
