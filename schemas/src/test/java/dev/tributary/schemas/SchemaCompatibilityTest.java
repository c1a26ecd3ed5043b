package dev.tributary.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every schema reads what the released one wrote, and the released one reads what it writes
 * (Confluent's FULL). Released copies are added with {@code -Dtributary.golden.update=true}; one
 * that exists is never rewritten by it.
 */
class SchemaCompatibilityTest {
  private static final Path RELEASED =
      Path.of(System.getProperty("tributary.root", ".."), "schemas/src/test/resources/released");

  static Stream<Schema> topicValues() {
    return Topics.all().stream()
        .map(Topic::value)
        .filter(type -> type != byte[].class)
        .distinct()
        .map(type -> SpecificData.get().getSchema(type));
  }

  @ParameterizedTest
  @MethodSource("topicValues")
  void schema_isFullyCompatibleWithTheReleasedOne(Schema current) throws IOException {
    Path file = RELEASED.resolve(current.getName() + ".avsc");
    if (Boolean.getBoolean("tributary.golden.update") && Files.notExists(file)) {
      Files.createDirectories(RELEASED);
      Files.writeString(file, current.toString(true) + "\n");
    }

    assertThat(file).exists();
    assertThat(isFullyCompatible(read(file), current)).as(current.getFullName()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("topicValues")
  void everyField_saysWhatItMeans(Schema schema) {
    assertThat(undocumented(schema, new HashSet<>())).isEmpty();
  }

  /** What a symbol that was added later is taken for: never one that moves money or quality. */
  @ParameterizedTest
  @CsvSource({
    "CorrectionCommand, UNKNOWN",
    "LineKind, UNKNOWN",
    "PriceStatus, UNKNOWN",
    "ScoreStatus, UNKNOWN",
    "ScoreSource, UNKNOWN",
    "ScoreDirection, UNKNOWN",
    "Purpose, UNKNOWN",
    "ReferenceKind, UNKNOWN",
    "FinishReason, UNKNOWN",
    "UsageQuality, MISSING",
    "UsageConvention, ASSUMED",
    "UsageScope, NONE",
    "SpanKind, OTHER",
    "SpanStatus, UNSET",
    "Provenance, UNATTRIBUTED",
  })
  void symbolAddedLater_isReadAs(String name, String expected)
      throws IOException, ClassNotFoundException {
    Schema reader = SpecificData.get().getSchema(Class.forName("dev.tributary.schemas." + name));
    List<String> symbols = new ArrayList<>(reader.getEnumSymbols());
    symbols.add("ADDED_LATER");
    Schema writer = Schema.createEnum(name, null, reader.getNamespace(), symbols);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<>(writer)
        .write(new GenericData.EnumSymbol(writer, "ADDED_LATER"), encoder);
    encoder.flush();

    Object read =
        new SpecificDatumReader<>(writer, reader)
            .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));

    assertThat(read).hasToString(expected);
  }

  @Test
  void check_refusesARemovedFieldWithoutDefault() {
    Schema released = SchemaBuilder.record("R").fields().requiredLong("a").endRecord();
    Schema current = SchemaBuilder.record("R").fields().requiredLong("b").endRecord();

    assertThat(isFullyCompatible(released, current)).isFalse();
  }

  private static boolean isFullyCompatible(Schema released, Schema current) {
    return canRead(current, released) && canRead(released, current);
  }

  private static boolean canRead(Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType()
        == SchemaCompatibilityType.COMPATIBLE;
  }

  private static List<String> undocumented(Schema schema, Set<String> seen) {
    return switch (schema.getType()) {
      case RECORD ->
          !seen.add(schema.getFullName())
              ? List.of()
              : Stream.concat(
                      schema.getFields().stream()
                          .filter(field -> field.doc() == null || field.doc().isBlank())
                          .map(field -> schema.getName() + "." + field.name()),
                      schema.getFields().stream()
                          .flatMap(field -> undocumented(field.schema(), seen).stream()))
                  .toList();
      case UNION ->
          schema.getTypes().stream().flatMap(t -> undocumented(t, seen).stream()).toList();
      case ARRAY -> undocumented(schema.getElementType(), seen);
      case MAP -> undocumented(schema.getValueType(), seen);
      default -> List.of();
    };
  }

  private static Schema read(Path file) {
    try {
      return new Schema.Parser().parse(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
