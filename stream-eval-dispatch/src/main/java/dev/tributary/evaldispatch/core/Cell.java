package dev.tributary.evaldispatch.core;

/** Whose money a judge's job takes: one policy on the traces of one team. */
public record Cell(String tenant, String policy, String team) {}
