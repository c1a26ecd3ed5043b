package dev.tributary.pricing.reconcile;

import java.math.BigDecimal;

/** Part of a cell's difference, with its cause. */
record Part(Cell cell, Cause cause, BigDecimal amount) {}
