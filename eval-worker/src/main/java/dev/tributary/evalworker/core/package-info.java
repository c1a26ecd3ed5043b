/**
 * Evaluators as pure functions of a case, prompts of judges and the reading of their answers. No
 * Kafka, no network, no clock.
 */
@NullMarked
package dev.tributary.evalworker.core;

import org.jspecify.annotations.NullMarked;
