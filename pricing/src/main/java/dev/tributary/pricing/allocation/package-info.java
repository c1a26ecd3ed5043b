/**
 * What capacity that is paid by the hour costs those who used it: provisioned throughput and GPU
 * pools of one's own, spread by share of tokens. Pure functions.
 */
@NullMarked
package dev.tributary.pricing.allocation;

import org.jspecify.annotations.NullMarked;
