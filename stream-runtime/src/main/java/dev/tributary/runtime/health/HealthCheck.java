package dev.tributary.runtime.health;

/** Answers, at once and without blocking, how a component is. Called by any thread. */
@FunctionalInterface
public interface HealthCheck {
  Health check();
}
