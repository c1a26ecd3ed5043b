package dev.tributary.runtime.errors;

import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.runtime.serde.SchemaRegistryException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * A record that cannot be decoded goes to the dead-letter topic and processing goes on: failing
 * would abort the transaction and leave nothing visible there. A fault of the outside (the registry
 * does not answer) is no fault of the record and fails.
 *
 * <p>Reference data is read by a thread that has no producer: Kafka 4.3.1 ends the application when
 * a handler asks it to send. What cannot be read there is left out and stays where it is.
 */
public final class DeserializationErrorRoute implements DeserializationExceptionHandler {
  /** Reason code of the dead letter, or of what is left out. */
  public static final String UNDECODABLE = "UNDECODABLE";

  private static final Logger LOGGER = LoggerFactory.getLogger(DeserializationErrorRoute.class);

  @SuppressWarnings("NullAway.Init") // Kafka calls configure before anything else
  private ErrorRoutes routes;

  @Override
  public void configure(Map<String, ?> configs) {
    routes = ErrorRoutes.from(configs);
  }

  @Override
  public Response handleError(
      ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
    routes.metrics().error("deserialize");
    if (Faults.isTransient(exception) || isRefusedByRegistry(exception)) {
      return Response.fail();
    }
    InputMetrics input = routes.metrics().input(record.topic(), record.partition());
    input.received();
    if (isGlobal(context)) {
      input.dropped(UNDECODABLE);
      log(LOGGER.atError(), record, exception).log("undecodable reference data is left out");
      return Response.resume();
    }
    input.deadLettered();
    log(LOGGER.atWarn(), record, exception).log("undecodable record goes to the dead-letter topic");
    return Response.resume(
        List.of(routes.letter(context, UNDECODABLE, exception, record.key(), record.value())));
  }

  private static LoggingEventBuilder log(
      LoggingEventBuilder event, ConsumerRecord<byte[], byte[]> record, Exception exception) {
    return event
        .addKeyValue("topic", record.topic())
        .addKeyValue("partition", record.partition())
        .addKeyValue("offset", record.offset())
        .addKeyValue("fault", Faults.describe(exception));
  }

  /** Global stores belong to no sub-topology. */
  private static boolean isGlobal(ErrorHandlerContext context) {
    return context.taskId().subtopology() < 0;
  }

  /**
   * Wrong credentials, say, or a proxy that knows no such path. An unknown schema id is the
   * record's fault, and no refusal: the registry has answered.
   */
  private static boolean isRefusedByRegistry(Exception exception) {
    return Faults.find(exception, SchemaRegistryException.class) != null;
  }
}
