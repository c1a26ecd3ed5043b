package dev.tributary.evaldispatch.core;

/**
 * What became of the eligible traces of a stratum since the last time it was told. Not drawn are
 * those that neither a job nor a gap counts.
 *
 * @param eligible traces that fit the policy
 * @param admitted jobs let through, of all evaluators that draw under the controller
 * @param inGaps candidates that fell into a gap
 */
public record Coverage(Cell cell, String stratum, long eligible, long admitted, long inGaps) {}
