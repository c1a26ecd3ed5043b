/**
 * Policies, draws, rates and ceilings as pure records and functions. No Kafka, no clock: time is an
 * argument.
 */
@NullMarked
package dev.tributary.evaldispatch.core;

import org.jspecify.annotations.NullMarked;
