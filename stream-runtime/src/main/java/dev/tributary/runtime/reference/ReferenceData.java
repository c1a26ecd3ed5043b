package dev.tributary.runtime.reference;

import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.schemas.ReferenceRow;
import dev.tributary.schemas.Topics;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.state.Stores;

/** Reference data in a topology: small and needed by every task, so a global store on the heap. */
public final class ReferenceData {
  private ReferenceData() {}

  /**
   * Reads reference data into a global store, all of it before the first record of any other topic.
   *
   * @param topic name of {@code llm.ref}
   * @param store name of the store
   * @param kinds which rows are kept
   * @param versions told of every version whose manifest came
   */
  public static void addGlobalStore(
      StreamsBuilder builder,
      TopicSerdes serdes,
      String topic,
      String store,
      Set<ReferenceKind> kinds,
      ReferenceVersions versions) {
    builder.addGlobalStore(
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(store), Serdes.String(), serdes.avro(Reference.class))
            .withLoggingDisabled(), // a global store's changelog is its topic
        topic,
        Consumed.with(serdes.key(Topics.REF), serdes.value(Topics.REF))
            .withName("consume-reference"),
        () -> new ReferenceProcessor(store, kinds, versions));
  }

  /** Hands on the rows of one kind that a version holds, with the timeline each is of. */
  public static void forEachInForce(
      List<Reference> timelines,
      ReferenceKind kind,
      long version,
      BiConsumer<Reference, ReferenceRow> action) {
    for (Reference timeline : timelines) {
      if (timeline.getKind() == kind) {
        for (ReferenceRow row : timeline.getTimeline()) {
          Long withdrawn = row.getWithdrawnIn();
          if (row.getAddedIn() <= version && (withdrawn == null || version < withdrawn)) {
            action.accept(timeline, row);
          }
        }
      }
    }
  }
}
