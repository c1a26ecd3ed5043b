package dev.tributary.schemas;

import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;

/**
 * Renders the topic catalogue for people ({@code docs/topics.md}) and for clusters ({@code
 * ops/topics/create-topics.sh}), so that neither can drift from the code.
 */
public final class TopicPages {
  private TopicPages() {}

  /** The page {@code docs/topics.md}. */
  public static String markdown() {
    StringBuilder page = new StringBuilder();
    page.append("# Topics\n\n")
        .append(
            "Generated from `schemas/…/Topics.java`; to change it, change the catalogue and run\n")
        .append("`mvn -pl schemas verify -Dtributary.golden.update=true`.\n\n")
        .append(
            "Names carry a configured prefix (`tributary.topics.prefix`). Partition counts are the\n")
        .append(
            "production defaults; topics of one group have equally many and equally made keys.\n\n")
        .append("| topic | key | value | written by | partitions | kept | group |\n")
        .append("|---|---|---|---|---|---|---|\n");
    for (Topic<?, ?> topic : Topics.all()) {
      page.append(
          "| `%s` | %s | %s | %s | %d | %s | %s |\n"
              .formatted(
                  topic.name(),
                  topic.keyMeaning().replace("|", ", "),
                  topic.value() == byte[].class ? "bytes" : topic.value().getSimpleName(),
                  topic.owner(),
                  topic.partitions(),
                  kept(topic),
                  Objects.requireNonNullElse(topic.coPartitionGroup(), "")));
    }
    page.append("\n## What each is for\n\n");
    for (Topic<?, ?> topic : Topics.all()) {
      page.append("- `").append(topic.name()).append("`: ").append(topic.purpose()).append('\n');
    }
    return page.toString();
  }

  /** The page {@code docs/records.md}: every record's fields with unit and meaning of null. */
  public static String recordsMarkdown() {
    Map<String, Schema> records = new TreeMap<>();
    for (Topic<?, ?> topic : Topics.all()) {
      if (topic.value() != byte[].class) {
        collect(SpecificData.get().getSchema(topic.value()), records);
      }
    }
    StringBuilder page = new StringBuilder();
    page.append("# Records\n\n")
        .append("Generated from `schemas/src/main/avro`; to change it, change a schema and run\n")
        .append(
            "`mvn -pl schemas verify -Dtributary.golden.update=true`. `?` marks what may be null.\n");
    for (Schema schema : records.values()) {
      page.append("\n## ").append(schema.getName()).append("\n\n").append(schema.getDoc());
      if (schema.getType() == Schema.Type.ENUM) {
        page.append("\n\n`").append(String.join("` `", schema.getEnumSymbols())).append("`\n");
        continue;
      }
      page.append("\n\n| field | type | meaning |\n|---|---|---|\n");
      for (Schema.Field field : schema.getFields()) {
        page.append(
            "| `%s` | %s | %s |\n"
                .formatted(
                    field.name(), typeName(field.schema()), field.doc().replace("|", "\\|")));
      }
    }
    return page.toString();
  }

  private static void collect(Schema schema, Map<String, Schema> records) {
    switch (schema.getType()) {
      case RECORD -> {
        if (records.putIfAbsent(schema.getName(), schema) == null) {
          schema.getFields().forEach(field -> collect(field.schema(), records));
        }
      }
      case ENUM -> records.put(schema.getName(), schema);
      case UNION -> schema.getTypes().forEach(type -> collect(type, records));
      case ARRAY -> collect(schema.getElementType(), records);
      case MAP -> collect(schema.getValueType(), records);
      default -> {}
    }
  }

  private static String typeName(Schema schema) {
    return switch (schema.getType()) {
      case UNION ->
          schema.getTypes().stream()
              .map(type -> type.getType() == Schema.Type.NULL ? "?" : typeName(type))
              .sorted(Comparator.comparing("?"::equals))
              .collect(Collectors.joining(schema.isNullable() ? "" : " or "));
      case ARRAY -> "list of " + typeName(schema.getElementType());
      case MAP -> "map of " + typeName(schema.getValueType());
      case BYTES -> schema.getLogicalType() == null ? "bytes" : "decimal(38,18)";
      default -> schema.getName();
    };
  }

  /** The script that creates all topics with {@code kafka-topics.sh}; safe to run again. */
  public static String createScript() {
    StringBuilder script = new StringBuilder();
    script
        .append("#!/usr/bin/env bash\n")
        .append("# Creates every topic; safe to run again. Generated from the topic catalogue\n")
        .append("# (mvn -pl schemas verify -Dtributary.golden.update=true); do not edit.\n")
        .append("#   BOOTSTRAP=kafka:9092 [PREFIX=staging.] [REPLICATION=3] ")
        .append("[COMMAND_CONFIG=admin.properties]\n#   create-topics.sh\n")
        .append("set -euo pipefail\n")
        .append(": \"${BOOTSTRAP:?address of a broker, host:port}\"\n")
        .append("REPLICATION=\"${REPLICATION:-3}\"\n")
        .append("create() { # name partitions config...\n")
        .append("  local name=\"${PREFIX:-}$1\" partitions=\"$2\"; shift 2\n")
        .append("  # A majority acknowledges; Kafka's own default is one replica.\n")
        .append("  if [ \"$REPLICATION\" -ge 3 ]; then ")
        .append("set -- \"$@\" \"min.insync.replicas=$((REPLICATION / 2 + 1))\"; fi\n")
        .append("  kafka-topics.sh --bootstrap-server \"$BOOTSTRAP\" ")
        .append("${COMMAND_CONFIG:+--command-config \"$COMMAND_CONFIG\"} \\\n")
        .append("    --create --if-not-exists \\\n")
        .append("    --topic \"$name\" --partitions \"$partitions\" \\\n")
        .append("    --replication-factor \"$REPLICATION\" \"${@/#/--config=}\"\n")
        .append("}\n");
    for (Topic<?, ?> topic : Topics.all()) {
      script.append("create %s %d %s\n".formatted(topic.name(), topic.partitions(), config(topic)));
    }
    return script.toString();
  }

  private static String config(Topic<?, ?> topic) {
    return topic.config().entrySet().stream()
        .map(Object::toString)
        .collect(Collectors.joining(" "));
  }

  private static String kept(Topic<?, ?> topic) {
    Duration retention = topic.retention();
    return retention == null
        ? topic.cleanup().name().toLowerCase(Locale.ROOT)
        : retention.toDays() + " days";
  }
}
