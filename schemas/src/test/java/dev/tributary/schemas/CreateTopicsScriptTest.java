package dev.tributary.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script, run with a program in place of Kafka's that writes down what it is told. */
class CreateTopicsScriptTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "3, 3", "5, 5", "'', 3"})
  void topics_areCreatedAsTheApplicationsDo(String told, int replicationFactor) throws Exception {
    List<String> expected =
        Topics.all().stream()
            .map(
                topic ->
                    "--bootstrap-server kafka:9092 --create --if-not-exists --topic p.%s"
                            .formatted(topic.name())
                        + " --partitions %d --replication-factor %d %s"
                            .formatted(topic.partitions(), replicationFactor, configs(topic))
                        + configs(Topic.inSyncConfig(replicationFactor)))
            .map(String::strip)
            .toList();

    assertThat(run(told)).isEqualTo(expected);
  }

  @Test
  void inSync_isAMajorityFromThreeOn() {
    assertThat(
            List.of(-1, 1, 2, 3, 4, 5).stream()
                .map(Topic::inSyncConfig)
                .map(config -> config.getOrDefault("min.insync.replicas", "")))
        .containsExactly("", "", "", "2", "3", "3");
  }

  private static String configs(Topic<?, ?> topic) {
    return configs(topic.config());
  }

  private static String configs(Map<String, String> config) {
    return config.entrySet().stream()
        .map(entry -> "--config=" + entry + " ")
        .collect(Collectors.joining());
  }

  private List<String> run(String replication) throws IOException, InterruptedException {
    Path script = Files.writeString(folder.resolve("create.sh"), TopicPages.createScript());
    Path lines = folder.resolve("told");
    Path tool =
        Files.writeString(
            folder.resolve("kafka-topics.sh"),
            "#!/usr/bin/env bash\necho \"$*\" >> '" + lines + "'\n");
    assertThat(tool.toFile().setExecutable(true)).isTrue();
    ProcessBuilder builder = new ProcessBuilder("bash", script.toString()).inheritIO();
    Map<String, String> environment = builder.environment();
    environment.merge("PATH", folder.toString(), (path, ours) -> ours + ":" + path);
    environment.putAll(Map.of("BOOTSTRAP", "kafka:9092", "PREFIX", "p."));
    environment.put("REPLICATION", replication);
    assertThat(builder.start().waitFor()).isZero();
    return Files.readAllLines(lines);
  }
}
