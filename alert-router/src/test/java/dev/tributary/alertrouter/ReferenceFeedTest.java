package dev.tributary.alertrouter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.schemas.ReferenceRow;
import dev.tributary.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which version of the ownership rules is in force. */
final class ReferenceFeedTest {
  private static final TopicPartition TOPIC = new TopicPartition(Topics.REF.name(), 0);

  private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Map<String, Reference> values = new HashMap<>();
  private final ReferenceFeed feed = feed();
  private long next;

  private ReferenceFeed feed() {
    consumer.updateBeginningOffsets(Map.of(TOPIC, 0L));
    return new ReferenceFeed(
        consumer, TOPIC.topic(), (topic, value) -> decode(value), new AlertRouterMetrics(meters));
  }

  private Reference decode(byte[] value) {
    Reference known = values.get(new String(value, StandardCharsets.UTF_8));
    if (known == null) {
      throw new SerializationException("not a reference");
    }
    return known;
  }

  private void arrive(String key, Reference reference) {
    String value = key + next;
    values.put(value, reference);
    write(key, value.getBytes(StandardCharsets.UTF_8));
  }

  private void write(String key, byte @Nullable [] value) {
    consumer.addRecord(new ConsumerRecord<>(TOPIC.topic(), TOPIC.partition(), next++, key, value));
  }

  private static Reference.Builder reference(ReferenceKind kind, String id) {
    return Reference.newBuilder().setTenant("default").setKind(kind).setId(id);
  }

  private static Reference owner(ReferenceRow... timeline) {
    return reference(ReferenceKind.OWNERSHIP, "o").setTimeline(List.of(timeline)).build();
  }

  private static ReferenceRow row(String route, long addedIn, @Nullable Long withdrawnIn) {
    return ReferenceRow.newBuilder()
        .setAddedIn(addedIn)
        .setWithdrawnIn(withdrawnIn)
        .setPayloadJson("{\"set\":{\"team\":\"support\"},\"alert_routes\":[\"" + route + "\"]}")
        .build();
  }

  private static Reference manifest(long version) {
    return reference(ReferenceKind.MANIFEST, "manifest")
        .setManifest(RouterFixture.manifest(version, 1))
        .build();
  }

  private List<String> routes() {
    return feed.tables().of("default").routes("support", List.of(), Instant.EPOCH);
  }

  @Test
  void refresh_rowsAreInForceFromTheirManifest_untilTheOneThatWithdrewThem() {
    // Given
    arrive("o", owner(row("one", 1, null)));
    boolean isChangedByRows = feed.refresh();
    List<String> before = routes();

    // When
    arrive("m", manifest(1));
    boolean isChanged = feed.refresh();
    List<String> first = routes();
    arrive("o", owner(row("one", 1, 2L), row("two", 2, null)));
    feed.refresh();
    List<String> meanwhile = routes();
    arrive("m", manifest(2));
    feed.refresh();

    // Then
    assertThat(isChangedByRows).isFalse();
    assertThat(before).isEmpty();
    assertThat(isChanged).isTrue();
    assertThat(first).containsExactly("one");
    assertThat(meanwhile).containsExactly("one");
    assertThat(routes()).containsExactly("two");
  }

  /** Rows come before their manifest: a router that starts in between finds them there. */
  @Test
  void refresh_rowsOfAVersionWhoseManifestHasNotCome_areNotInForce() {
    arrive("o", owner(row("one", 1, 2L), row("two", 2, null)));
    arrive("m", manifest(1));
    feed.refresh();
    assertThat(routes()).containsExactly("one");
  }

  @Test
  void refresh_rowWithdrawn_orUnreadable_othersHold() {
    // Given
    arrive("o", owner(row("one", 1, null)));
    write("x", new byte[] {1});
    arrive("m", manifest(1));
    feed.refresh();
    List<String> first = routes();

    // When
    write("o", null);
    arrive("m", manifest(2));
    feed.refresh();

    // Then
    assertThat(first).containsExactly("one");
    assertThat(routes()).isEmpty();
  }
}
