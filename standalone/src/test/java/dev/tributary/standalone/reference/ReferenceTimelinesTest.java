package dev.tributary.standalone.reference;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.schemas.ReferenceRow;
import dev.tributary.standalone.reference.ReferenceTimelines.Stated;
import dev.tributary.standalone.reference.ReferenceTimelines.Version;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The topic is a map here: what was appended last under a key. */
class ReferenceTimelinesTest {
  private static final String TENANT = "default";

  private final Map<String, Reference> topic = new HashMap<>();

  @Test
  void statedTwice_isOneVersion() {
    publish("prices", card("a", "1"));

    assertThat(next("prices", card("a", "1"))).isNull();
    assertThat(inForce()).containsExactly("a=1");
  }

  @Test
  void otherPrice_withdrawsTheOld_andKeepsItForItsVersion() {
    publish("prices", card("a", "1"));
    publish("prices", card("a", "2"));

    assertThat(inForce()).containsExactly("a=2");
    assertThat(inForce(1)).containsExactly("a=1");
  }

  @Test
  void sourceWithdrawsOnlyItsOwn() {
    publish("curated", card("a", "1"));
    publish("prices", card("b", "2"));
    publish("prices");

    assertThat(inForce()).containsExactly("a=1");
  }

  /** Who reads a version waits for as many timelines as its manifest counts. */
  @Test
  void manifest_countsAllTimelines_thoseOfOtherKindsToo() {
    publish("prices", card("a", "1"), card("b", "1"));
    publish("ownership", new Stated(ReferenceKind.OWNERSHIP, "o", null, null, "rule"));
    publish("prices", card("a", "1"));

    Reference manifest = requireNonNull(topic.get(ReferenceTimelines.manifestKey(TENANT)));
    assertThat(requireNonNull(manifest.getManifest()).getRowCount()).isEqualTo(3);
  }

  /** Killed between the rows and the manifest: who repeats it must get what was asked for. */
  @Test
  void interruptedBeforeItsManifest_repeated_isInForce() {
    publish("prices", card("a", "1"));
    interrupted("prices", card("a", "2"), card("b", "3"));
    assertThat(inForce()).containsExactly("a=1");

    publish("prices", card("a", "2"), card("b", "3"));

    assertThat(inForce()).containsExactlyInAnyOrder("a=2", "b=3");
    assertThat(inForce(1)).containsExactly("a=1");
    assertThat(next("prices", card("a", "2"), card("b", "3"))).isNull();
  }

  /** Half of a price file must not come into force with whatever is published next. */
  @Test
  void interruptedInTheMiddle_isNotInForceWithTheNextVersion() {
    publish("prices", card("a", "1"), card("c", "1"));
    interrupted("prices", card("a", "2"), card("b", "3"));

    publish("ownership", new Stated(ReferenceKind.OWNERSHIP, "o", null, null, "rule"));

    assertThat(inForce()).containsExactlyInAnyOrder("a=1", "c=1", "o=rule");
    publish("prices", card("a", "2"), card("b", "3"));
    assertThat(inForce()).containsExactlyInAnyOrder("a=2", "b=3", "o=rule");
  }

  @Test
  void interruptedWithdrawal_repeatedOtherwise_saysWhatIsStatedLast() {
    publish("prices", card("a", "1"));
    interrupted("prices", card("b", "2"));

    publish("prices", card("a", "1"), card("c", "3"));

    assertThat(inForce()).containsExactlyInAnyOrder("a=1", "c=3");
    assertThat(inForce(1)).containsExactly("a=1");
  }

  @Test
  void interruptedErasure_staysErased() {
    publish("prices", card("a", "1"));
    interrupted("erasure", new Stated(ReferenceKind.ERASURE, "trace|x", null, null, "{}"));

    publish("prices", card("a", "2"));

    assertThat(inForce()).containsExactlyInAnyOrder("a=2", "trace|x={}");
  }

  private void publish(String source, Stated... stated) {
    Version version = requireNonNull(next(source, stated));
    version.changed().forEach(this::append);
    append(version.manifest());
  }

  private void interrupted(String source, Stated... stated) {
    requireNonNull(next(source, stated)).changed().forEach(this::append);
  }

  private void append(Reference record) {
    topic.put(Keys.reference(record.getTenant(), record.getKind(), record.getId()), record);
  }

  private @Nullable Version next(String source, Stated... stated) {
    ReferenceKind kind =
        switch (source) {
          case "ownership" -> ReferenceKind.OWNERSHIP;
          case "erasure" -> ReferenceKind.ERASURE;
          default -> ReferenceKind.RATE_CARD;
        };
    return ReferenceTimelines.next(
        TENANT, topic, source, List.of(kind), List.of(stated), "label", 0);
  }

  private static Stated card(String id, String price) {
    return new Stated(ReferenceKind.RATE_CARD, id, null, null, price);
  }

  private List<String> inForce() {
    return inForce(ReferenceTimelines.versionOf(TENANT, topic));
  }

  /** As every reader sees a version. */
  private List<String> inForce(long version) {
    return topic.values().stream()
        .flatMap(
            timeline ->
                timeline.getTimeline().stream()
                    .filter(row -> isIn(row, version))
                    .map(row -> timeline.getId() + "=" + row.getPayloadJson()))
        .toList();
  }

  private static boolean isIn(ReferenceRow row, long version) {
    return row.getAddedIn() <= version
        && (row.getWithdrawnIn() == null || version < row.getWithdrawnIn());
  }
}
