package dev.tributary.runtime.errors;

import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A processor that throws {@link UndecodableRecordException} sends its input record to the
 * dead-letter topic and processing goes on. Everything else fails: going on would commit what the
 * processor had done up to its fault.
 */
public final class ProcessingErrorRoute implements ProcessingExceptionHandler {
  private static final Logger LOGGER = LoggerFactory.getLogger(ProcessingErrorRoute.class);

  @SuppressWarnings("NullAway.Init") // Kafka calls configure before anything else
  private ErrorRoutes routes;

  @Override
  public void configure(Map<String, ?> configs) {
    routes = ErrorRoutes.from(configs);
  }

  @Override
  public Response handleError(
      ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
    routes.metrics().error("process");
    UndecodableRecordException undecodable =
        Faults.find(exception, UndecodableRecordException.class);
    String topic = context.topic();
    // Without a source topic there is no input record to keep: it happened in a punctuation.
    if (undecodable == null || topic == null) {
      return Response.fail();
    }
    routes.metrics().input(topic, context.partition()).deadLettered();
    LOGGER
        .atWarn()
        .addKeyValue("topic", topic)
        .addKeyValue("partition", context.partition())
        .addKeyValue("offset", context.offset())
        .addKeyValue("node", context.processorNodeId())
        .addKeyValue("reason", undecodable.reason())
        .log("undecodable record goes to the dead-letter topic");
    return Response.resume(
        List.of(
            routes.letter(
                context,
                undecodable.reason(),
                undecodable,
                context.sourceRawKey(),
                context.sourceRawValue())));
  }
}
