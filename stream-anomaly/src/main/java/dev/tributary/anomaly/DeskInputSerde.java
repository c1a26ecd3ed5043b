package dev.tributary.anomaly;

import dev.tributary.anomaly.core.StateReader;
import dev.tributary.anomaly.core.StateWriter;
import dev.tributary.anomaly.core.group.CellFact;
import dev.tributary.anomaly.core.group.Version;
import dev.tributary.anomaly.core.series.Finding;
import java.util.List;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/** Serde of the repartition topic, which nobody but this module reads. */
final class DeskInputSerde {
  private static final int FOUND = 1;
  private static final int SEEN = 2;
  private static final int CLOSED = 3;

  private DeskInputSerde() {}

  static Serde<DeskInput> create() {
    return Serdes.serdeFrom(
        (topic, input) -> encode(input), (topic, bytes) -> decode(topic, bytes));
  }

  static byte[] encode(DeskInput input) {
    StateWriter to = new StateWriter();
    if (input instanceof DeskInput.Found found) {
      found.finding().save(to.octet(FOUND).whole(found.untilUs()));
    } else if (input instanceof DeskInput.Seen seen) {
      to.octet(SEEN).whole(seen.untilUs()).text(seen.tenant()).text(seen.environment());
      seen.cell().save(to);
      Version.save(seen.versions(), to);
      seen.cell().saveCalls(to);
    } else if (input instanceof DeskInput.Closed closed) {
      to.octet(CLOSED).whole(closed.source()).whole(closed.untilUs());
    }
    return to.toBytes();
  }

  private static @Nullable DeskInput decode(String topic, byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      return decode(bytes);
    } catch (IllegalArgumentException e) {
      throw new SerializationException("record of " + topic + ": " + e.getMessage(), e);
    }
  }

  static DeskInput decode(byte[] bytes) {
    StateReader from = new StateReader(bytes);
    int type = from.octet();
    return switch (type) {
      case FOUND -> new DeskInput.Found(from.whole(), Finding.load(from));
      case SEEN -> seen(from);
      case CLOSED -> new DeskInput.Closed((int) from.whole(), from.whole());
      default -> throw new IllegalArgumentException("type " + type);
    };
  }

  private static DeskInput.Seen seen(StateReader from) {
    long untilUs = from.whole();
    String tenant = from.text();
    String environment = from.text();
    CellFact cell = CellFact.load(from);
    List<Version> versions = Version.load(from);
    return new DeskInput.Seen(untilUs, tenant, environment, cell.withCalls(from), versions);
  }
}
