package dev.tributary.standalone.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.testing.KafkaTestCluster;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.schemas.Topics;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.reference.ReferenceTimelines.Stated;
import dev.tributary.standalone.reference.ReferenceTimelines.Version;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Versions of reference data are whole, and one after the other, whoever publishes them. */
final class ReferenceWriterIT {
  private static KafkaTestCluster cluster;
  private static Settings settings;

  @BeforeAll
  static void start() throws Exception {
    cluster = KafkaTestCluster.start();
    cluster.create(Topics.REF.name(), 1);
    settings = Settings.of(cluster.settings("reference"));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** A version with one prompt more, made from what is read. */
  private static List<Reference> next(ReferenceWriter writer, String tenant, String prompt) {
    Version version =
        ReferenceTimelines.next(
            tenant,
            writer.read(),
            prompt,
            List.of(ReferenceKind.PROMPT),
            List.of(new Stated(ReferenceKind.PROMPT, prompt, null, null, "{}")),
            "label",
            0);
    List<Reference> records = new ArrayList<>(version.changed());
    records.add(version.manifest());
    return records;
  }

  private static List<String> prompts(String tenant) {
    try (ReferenceLog log = ReferenceLog.open(settings)) {
      return log.read(tenant).values().stream()
          .filter(reference -> reference.getKind() == ReferenceKind.PROMPT)
          .map(Reference::getId)
          .sorted()
          .toList();
    }
  }

  @Test
  void whoReadBeforeAnotherPublished_publishesNothing() {
    try (ReferenceWriter first = ReferenceWriter.open(settings, "acme")) {
      List<Reference> outOfDate = next(first, "acme", "first");
      try (ReferenceWriter second = ReferenceWriter.open(settings, "acme")) {
        second.append(next(second, "acme", "second"));
      }

      assertThatThrownBy(() -> first.append(outOfDate))
          .isInstanceOf(PlatformException.class)
          .hasMessageContaining("of tenant acme was not published: somebody else published");
    }

    assertThat(prompts("acme")).containsExactly("second");
    try (ReferenceWriter again = ReferenceWriter.open(settings, "acme")) {
      again.append(next(again, "acme", "first"));
      assertThat(ReferenceTimelines.versionOf("acme", again.read())).isEqualTo(2);
    }
    assertThat(prompts("acme")).containsExactly("first", "second");
  }

  @Test
  void tenants_areNotInEachOthersWay() {
    try (ReferenceWriter one = ReferenceWriter.open(settings, "one");
        ReferenceWriter other = ReferenceWriter.open(settings, "other")) {
      one.append(next(one, "one", "p"));
      other.append(next(other, "other", "q"));
    }

    assertThat(prompts("one")).containsExactly("p");
    assertThat(prompts("other")).containsExactly("q");
  }

  /** What was published is read at once, or the next source would begin from what was before it. */
  @Test
  void versionsOneAfterTheOther_areAllThere() {
    List<String> names = new ArrayList<>();
    try (ReferenceWriter writer = ReferenceWriter.open(settings, "busy")) {
      for (int i = 0; i < 40; i++) {
        names.add("p%02d".formatted(i));
        writer.append(next(writer, "busy", names.get(i)));
        assertThat(ReferenceTimelines.versionOf("busy", writer.read())).isEqualTo(i + 1);
      }
    }

    assertThat(prompts("busy")).isEqualTo(names);
  }

  /** A record that no broker takes leaves nothing of its version behind. */
  @Test
  void versionThatCannotBeWritten_isNotThereInPart() {
    try (ReferenceWriter writer = ReferenceWriter.open(settings, Keys.DEFAULT_TENANT)) {
      List<Reference> records = next(writer, Keys.DEFAULT_TENANT, "p");
      records.add(1, next(writer, Keys.DEFAULT_TENANT, "x".repeat(2_000_000)).get(0));

      assertThatThrownBy(() -> writer.append(records))
          .isInstanceOf(PlatformException.class)
          .hasMessageContaining("of tenant default was not published: ");
    }

    assertThat(prompts(Keys.DEFAULT_TENANT)).isEmpty();
  }
}
