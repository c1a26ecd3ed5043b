package dev.tributary.runtime.run;

import dev.tributary.runtime.errors.UndecodableRecordException;
import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.runtime.metrics.ModuleMetrics;
import dev.tributary.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Copies bytes from one topic of the catalogue to another; the value says what goes wrong. */
final class EchoApp {
  static final StreamsApp APP = new StreamsApp("echo", List.of(), EchoApp::topology);

  private EchoApp() {}

  public static void main(String[] args) {
    System.exit(StreamsRunner.run(APP, args));
  }

  private static Topology topology(AppContext context) {
    ModuleMetrics metrics = new ModuleMetrics(context.meters(), "echo");
    Topology topology = new Topology();
    topology.addSource(
        "consume-requests",
        Serdes.ByteArray().deserializer(),
        Serdes.ByteArray().deserializer(),
        context.topics().of(Topics.OTLP_SPANS));
    topology.addProcessor("echo-requests", () -> new Echo(metrics), "consume-requests");
    topology.addSink(
        "produce-requests",
        context.topics().of(Topics.OTLP_LOGS),
        Serdes.ByteArray().serializer(),
        Serdes.ByteArray().serializer(),
        "echo-requests");
    return topology;
  }

  private static final class Echo extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    private final ModuleMetrics metrics;

    Echo(ModuleMetrics metrics) {
      this.metrics = metrics;
    }

    @Override
    public void process(Record<byte[], byte[]> request) {
      RecordMetadata position = context().recordMetadata().orElseThrow();
      InputMetrics input = metrics.input(position.topic(), position.partition());
      input.received();
      String text = new String(request.value(), StandardCharsets.UTF_8);
      if (text.startsWith("poison")) {
        throw new UndecodableRecordException(
            "OTLP_TRUNCATED", new IllegalArgumentException("quotes " + text));
      }
      if (text.startsWith("bug")) {
        throw new IllegalStateException("a bug");
      }
      context().forward(request);
      input.sentPrimary();
      metrics.sent(Topics.OTLP_LOGS.name());
    }
  }
}
