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

/**
 * A record that cannot be decoded goes to the dead-letter topic and processing goes on: failing
 * would abort the transaction and leave nothing visible there. A fault of the outside (the registry
 * does not answer) is no fault of the record and fails.
 */
public final class DeserializationErrorRoute implements DeserializationExceptionHandler {
  /** Reason code of the dead letter. */
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
    input.deadLettered();
    LOGGER
        .atWarn()
        .addKeyValue("topic", record.topic())
        .addKeyValue("partition", record.partition())
        .addKeyValue("offset", record.offset())
        .addKeyValue("fault", Faults.describe(exception))
        .log("undecodable record goes to the dead-letter topic");
    return Response.resume(
        List.of(routes.letter(context, UNDECODABLE, exception, record.key(), record.value())));
  }

  /** Wrong credentials, say: an unknown schema id is the record's fault, any other refusal ours. */
  private static boolean isRefusedByRegistry(Exception exception) {
    SchemaRegistryException refusal = Faults.find(exception, SchemaRegistryException.class);
    return refusal != null && !refusal.isNotFound();
  }
}
