package dev.tributary.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.Topics;
import dev.tributary.standalone.e2e.PlantedTexts.Planted;
import dev.tributary.standalone.replay.OtlpSender;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Texts planted in every place a client could put them are found where content belongs, and in no
 * other topic, table, log, metric or reason.
 */
final class PlantedContentIT {
  private static final int SECRETS = 200;
  private static final int PROMPTS = 50;
  private static final long SEED = Seeds.one();
  private static final Generator GENERATOR = new Generator(SEED);

  /** Topics that hold what clients sent, under the access rules of content. */
  private static final Set<String> RAW =
      Set.of(
          Topics.OTLP_SPANS.name(),
          Topics.OTLP_LOGS.name(),
          Topics.OTLP_METRICS.name(),
          Topics.SPANS_IN.name(),
          Topics.DLQ.name(),
          Topics.SPAN_CONTENT.name());

  /** Where a client could put a text. */
  private static final Map<String, BiConsumer<Span.Builder, String>> PLACES = new TreeMap<>();

  static {
    for (String attribute :
        List.of(
            "gen_ai.input.messages",
            "gen_ai.output.messages",
            "gen_ai.system_instructions",
            "gen_ai.prompt.0.content",
            "gen_ai.tool.call.arguments",
            "gen_ai.tool.call.result",
            "gen_ai.tool.definitions",
            "llm.invocation_parameters",
            "llm.input_messages.0.message.content",
            "input.value",
            "ai.prompt",
            "langfuse.observation.input",
            "traceloop.entity.input",
            "db.statement",
            "metadata",
            "user.id",
            "http.request.header.authorization",
            "url.full",
            "nobody.knows.this")) {
      attribute(attribute);
    }
    PLACES.put("span name", Span.Builder::setName);
    PLACES.put("unknown key", (span, text) -> span.addAttributes(OtlpDraft.text(text, "1")));
    PLACES.put(
        "key of the vendor", (s, text) -> s.addAttributes(OtlpDraft.text("app." + text, "")));
    PLACES.put("trace state", Span.Builder::setTraceState);
    PLACES.put(
        "status message",
        (span, text) -> span.getStatusBuilder().setCodeValue(2).setMessage("429 " + text));
    PLACES.put("event name", (span, text) -> span.addEventsBuilder().setName(text));
    PLACES.put(
        "event attribute",
        (span, text) -> span.addEventsBuilder().addAttributes(OtlpDraft.text("note", text)));
    PLACES.put(
        "exception",
        (span, text) ->
            span.addEventsBuilder()
                .setName("exception")
                .addAttributes(OtlpDraft.text("exception.message", text))
                .addAttributes(OtlpDraft.text("exception.stacktrace", "at Main\n" + text)));
    PLACES.put(
        "json in an attribute",
        (span, text) ->
            span.addAttributes(
                OtlpDraft.text("metadata", "{\"note\":\"" + text.replace("\n", "\\n") + "\"}")));
    PLACES.put(
        "rejected span",
        (span, text) -> span.setName(text).setSpanId(OtlpDraft.bytes("0102")).setTraceState(text));
  }

  /** Fields that hold names: a sentence of one line is a name there, a secret is not. */
  private static final List<String> NAMES =
      List.of(
          "gen_ai.agent.name",
          "gen_ai.tool.name",
          "gen_ai.request.model",
          "gen_ai.response.id",
          "gen_ai.conversation.id",
          "gen_ai.prompt.name",
          "error.type",
          "tributary.feature",
          "tributary.team",
          "db.collection.name");

  @TempDir static Path folder;
  private static PlatformFixture platform;

  private static void attribute(String name) {
    PLACES.put(name, (span, text) -> span.addAttributes(OtlpDraft.text(name, text)));
  }

  @BeforeAll
  static void start() {
    System.out.println("repeat with -Dtributary.seed=" + SEED);
    platform = PlatformFixture.start(folder, Map.of(), List.of());
  }

  @AfterAll
  static void stop() {
    if (platform != null) {
      platform.close();
    }
  }

  @Test
  void texts_plantedAnywhere_areFoundOnlyInContent() throws Exception {
    PlantedTexts texts = new PlantedTexts(GENERATOR);
    Map<String, String> placeOfMark = new TreeMap<>();
    List<Span> spans = new ArrayList<>();
    plant(texts.secrets(SECRETS), placesFor(true), spans, placeOfMark);
    plant(texts.prompts(PROMPTS), placesFor(false), spans, placeOfMark);
    String malformed = GENERATOR.hex(20);
    placeOfMark.put(malformed, "malformed request");

    send(OtlpDraft.request(spans));
    send(ExportTraceServiceRequest.newBuilder().build().toByteArray());
    sendRaw("no protobuf: " + malformed);
    long rejected = placeOfMark.values().stream().filter("rejected span"::equals).count();
    await("spans in ClickHouse, seed " + SEED)
        .atMost(Duration.ofSeconds(120))
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () ->
                platform
                    .rows("SELECT (SELECT count() FROM spans) + (SELECT count() FROM rejected)")
                    .equals(List.of(List.of(Long.toString(spans.size())))));
    platform.awaitRow(
        "calls",
        "SELECT sum(sign * calls) FROM calls",
        List.of(Long.toString(spans.size() - rejected)));

    // The control: what was sent is there, and content keeps the prompts.
    assertThat(marksIn(topic(Topics.OTLP_SPANS.name()), placeOfMark))
        .as("marks in what was sent, seed %d", SEED)
        .hasSize(SECRETS + PROMPTS + 1);
    assertThat(marksIn(topic(Topics.SPAN_CONTENT.name()), placeOfMark))
        .as("marks in the content topic, seed %d", SEED)
        .hasSizeGreaterThan(PROMPTS / 2);

    Map<String, Set<String>> found = new TreeMap<>();
    for (String topic : otherTopics()) {
      note(found, "topic " + topic, marksIn(topic(topic), placeOfMark));
    }
    for (String table : otherTables()) {
      String rows = platform.platform().sql().run("SELECT * FROM " + table, "JSONEachRow");
      note(found, "table " + table, marksIn(rows, placeOfMark));
    }
    note(found, "metrics", marksIn(platform.metrics(), placeOfMark));
    note(found, "log", marksIn(logs(), placeOfMark));
    assertThat(found).as("places of texts found outside content, seed %d", SEED).isEmpty();
  }

  private static Map<String, BiConsumer<Span.Builder, String>> placesFor(boolean secret) {
    Map<String, BiConsumer<Span.Builder, String>> places = new TreeMap<>(PLACES);
    if (secret) {
      for (String name : NAMES) {
        places.put(name, (span, text) -> span.addAttributes(0, OtlpDraft.text(name, text)));
      }
    }
    return places;
  }

  private static void plant(
      List<Planted> texts,
      Map<String, BiConsumer<Span.Builder, String>> places,
      List<Span> spans,
      Map<String, String> placeOfMark) {
    List<String> names = List.copyOf(places.keySet());
    long now = TimeUnit.MILLISECONDS.toNanos(Instant.now().toEpochMilli());
    for (Planted text : texts) {
      String place = names.get(spans.size() % names.size());
      Span.Builder span = OtlpDraft.call(GENERATOR.hex(16), GENERATOR.hex(8), now, 100, 10);
      places.get(place).accept(span, text.text());
      placeOfMark.put(text.mark(), place);
      spans.add(span.build());
    }
  }

  private static void note(Map<String, Set<String>> found, String where, Set<String> places) {
    if (!places.isEmpty()) {
      found.put(where, places);
    }
  }

  /** The places whose texts are in it. */
  private static Set<String> marksIn(String haystack, Map<String, String> placeOfMark) {
    Set<String> places = new TreeSet<>();
    placeOfMark.forEach(
        (mark, place) -> {
          if (haystack.contains(mark)) {
            places.add(place + " " + mark);
          }
        });
    return places;
  }

  private static List<String> otherTopics() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", platform.addresses().kafka()))) {
      return admin.listTopics().names().get().stream()
          .filter(name -> !RAW.contains(name))
          .sorted()
          .toList();
    }
  }

  private static List<String> otherTables() {
    return platform
        .rows(
            "SELECT name FROM system.tables WHERE database = currentDatabase()"
                + " AND engine LIKE '%MergeTree%' AND name NOT LIKE '%span_content%' ORDER BY name")
        .stream()
        .map(row -> row.get(0))
        .toList();
  }

  /** Everything in a topic, keys, values and headers, as text that any UTF-8 can be found in. */
  private static String topic(String name) {
    StringBuilder text = new StringBuilder();
    CommittedRecords.read(
        platform.addresses().kafka(),
        name,
        record -> {
          append(text, record.key());
          append(text, record.value());
          record.headers().forEach(header -> append(text, header.value()));
        });
    return text.toString();
  }

  private static void append(StringBuilder text, byte[] bytes) {
    if (bytes != null) {
      text.append(new String(bytes, StandardCharsets.ISO_8859_1)).append('\n');
    }
  }

  private static String logs() throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder.resolve("data").resolve("log"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        text.append(Files.readString(file));
      }
    }
    assertThat(text).as("the log").contains("state changed");
    return text.toString();
  }

  private static void send(byte[] body) throws Exception {
    try (OtlpSender sender = new OtlpSender(platform.otlp())) {
      sender.send(BodyPublishers.ofByteArray(body), false);
    }
  }

  /** Past the receiver, which would refuse it. */
  private static void sendRaw(String body) throws Exception {
    try (var producer =
        new org.apache.kafka.clients.producer.KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", platform.addresses().kafka()),
            new org.apache.kafka.common.serialization.ByteArraySerializer(),
            new org.apache.kafka.common.serialization.ByteArraySerializer())) {
      producer
          .send(
              new org.apache.kafka.clients.producer.ProducerRecord<>(
                  Topics.OTLP_SPANS.name(), body.getBytes(StandardCharsets.UTF_8)))
          .get();
    }
  }
}
