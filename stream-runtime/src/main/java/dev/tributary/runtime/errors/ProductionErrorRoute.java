package dev.tributary.runtime.errors;

import dev.tributary.runtime.metrics.MetricNames;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An output that is too large is left out, its input record goes to the dead-letter topic, and
 * processing goes on; everything else fails.
 *
 * <p>Kafka 4.3.1 cannot go on after a too large record inside a transaction: the producer marks the
 * transaction as to be aborted before any handler is asked (KAFKA-15259). Our serializers therefore
 * refuse such a record before the producer sees it, and that refusal can be survived. The same
 * fault from the producer itself is survived only outside transactions. Internal topics are never
 * skipped: a missing changelog or repartition record is lost state.
 */
public final class ProductionErrorRoute implements ProductionExceptionHandler {
  /** Reason code of the dead letter. */
  public static final String TOO_LARGE = "OUTPUT_TOO_LARGE";

  private static final Logger LOGGER = LoggerFactory.getLogger(ProductionErrorRoute.class);

  @SuppressWarnings("NullAway.Init") // Kafka calls configure before anything else
  private ErrorRoutes routes;

  @Override
  public void configure(Map<String, ?> configs) {
    routes = ErrorRoutes.from(configs);
  }

  @Override
  public Response handleError(
      ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
    routes.metrics().error("produce");
    return Faults.isTooLarge(exception) && !routes.isTransactional() && !isInternal(record.topic())
        ? skip(context, record.topic(), exception)
        : Response.fail();
  }

  @Override
  @SuppressWarnings("rawtypes") // as declared by Kafka
  public Response handleSerializationError(
      ErrorHandlerContext context,
      ProducerRecord record,
      Exception exception,
      SerializationExceptionOrigin origin) {
    routes.metrics().error("serialize");
    return Faults.isTooLarge(exception) && !isInternal(record.topic())
        ? skip(context, record.topic(), exception)
        : Response.fail();
  }

  private Response skip(ErrorHandlerContext context, String output, Exception exception) {
    routes
        .metrics()
        .counter(MetricNames.OUTPUT_DEAD_LETTERED, MetricNames.TOPIC, output)
        .increment();
    LOGGER
        .atWarn()
        .addKeyValue("output", output)
        .addKeyValue("topic", context.topic())
        .addKeyValue("partition", context.partition())
        .addKeyValue("offset", context.offset())
        .addKeyValue("node", context.processorNodeId())
        .log("output is too large; its input goes to the dead-letter topic");
    return Response.resume(
        List.of(
            routes.letter(
                context, TOO_LARGE, exception, context.sourceRawKey(), context.sourceRawValue())));
  }

  private static boolean isInternal(String topic) {
    return topic.endsWith("-changelog") || topic.endsWith("-repartition");
  }
}
