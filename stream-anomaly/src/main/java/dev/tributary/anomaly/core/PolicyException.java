package dev.tributary.anomaly.core;

/** A policy contradicts itself or says something unknown. The message names key, value, choices. */
public final class PolicyException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public PolicyException(String message) {
    super(message);
  }
}
