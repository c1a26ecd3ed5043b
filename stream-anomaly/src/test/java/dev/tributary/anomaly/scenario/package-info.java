/**
 * Weeks of spend with known injections, and what the rule, the search and the split make of them.
 */
@NullMarked
package dev.tributary.anomaly.scenario;

import org.jspecify.annotations.NullMarked;
