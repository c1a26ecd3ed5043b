package dev.tributary.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.normalize.core.Erasures;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.ContentMode;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.schemas.ReferenceRow;
import dev.tributary.schemas.SpanContent;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an instance knows right after its start: its store is back, and no record came yet. */
class ErasureProcessorTest {
  @Test
  void init_storeIsBack_whatIsInForceIsErased() {
    try (TopologyFixture fixture = TopologyFixture.of(NormalizeMain.APP)) {
      KeyValueStore<String, Reference> store =
          Stores.keyValueStoreBuilder(
                  Stores.inMemoryKeyValueStore(NormalizeTopology.ERASURES),
                  Serdes.String(),
                  fixture.serdes().avro(Reference.class))
              .withLoggingDisabled()
              .build();
      MockProcessorContext<Void, Void> context = new MockProcessorContext<>();
      store.init(context.getStateStoreContext(), store);
      context.addStateStore(store);
      store.put("a", reference(ReferenceKind.ERASURE, "session:in-force", null));
      store.put("b", reference(ReferenceKind.ERASURE, "session:withdrawn", 2L));
      store.put("c", reference(ReferenceKind.OWNERSHIP, "session:other", null));
      Erasures erasures = new Erasures();

      new ErasureProcessor(erasures).init(context);

      assertThat(erasures.covers(content("in-force"))).isTrue();
      assertThat(erasures.covers(content("withdrawn"))).isFalse();
      assertThat(erasures.covers(content("other"))).isFalse();
    }
  }

  private static Reference reference(ReferenceKind kind, String id, @Nullable Long withdrawnIn) {
    return Reference.newBuilder()
        .setTenant("default")
        .setKind(kind)
        .setId(id)
        .setTimeline(
            List.of(
                ReferenceRow.newBuilder()
                    .setAddedIn(1)
                    .setWithdrawnIn(withdrawnIn)
                    .setPayloadJson("{}")
                    .build()))
        .build();
  }

  private static SpanContent content(String session) {
    return SpanContent.newBuilder()
        .setTenant("default")
        .setTraceId(SignalRequests.TRACE)
        .setSpanId(SignalRequests.SPAN)
        .setEventTimeUs(1)
        .setSessionId(session)
        .setMode(ContentMode.FULL)
        .setAttributes(Map.of())
        .setEvents(List.of())
        .setRedactions(Map.of())
        .setTruncated(false)
        .build();
  }
}
