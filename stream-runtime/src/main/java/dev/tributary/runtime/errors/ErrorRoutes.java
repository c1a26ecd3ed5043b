package dev.tributary.runtime.errors;

import dev.tributary.runtime.metrics.ModuleMetrics;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * What the three handlers of an application share. Kafka makes the handlers itself, from class
 * names, so this travels in the configuration under {@link #CONFIG}.
 */
public final class ErrorRoutes {
  /** Configuration key that holds the {@link ErrorRoutes} object. */
  public static final String CONFIG = "tributary.internal.error-routes";

  private final DeadLetters letters;
  private final ModuleMetrics metrics;
  private final boolean transactional;

  /**
   * The routes of one application.
   *
   * @param transactional whether outputs go out in transactions
   */
  public ErrorRoutes(DeadLetters letters, ModuleMetrics metrics, boolean transactional) {
    this.letters = letters;
    this.metrics = metrics;
    this.transactional = transactional;
  }

  static ErrorRoutes from(Map<String, ?> configs) {
    if (configs.get(CONFIG) instanceof ErrorRoutes routes) {
      return routes;
    }
    throw new IllegalStateException(CONFIG + " is not set: start the application by the runner");
  }

  ModuleMetrics metrics() {
    return metrics;
  }

  boolean isTransactional() {
    return transactional;
  }

  ProducerRecord<byte[], byte[]> letter(
      ErrorHandlerContext context,
      String reason,
      Throwable thrown,
      byte @Nullable [] key,
      byte @Nullable [] value) {
    return letters.of(
        new DeadLetters.Origin(
            context.topic(),
            context.partition(),
            context.offset(),
            context.timestamp(),
            reason,
            thrown.getClass().getName()),
        key,
        value,
        context.headers());
  }
}
