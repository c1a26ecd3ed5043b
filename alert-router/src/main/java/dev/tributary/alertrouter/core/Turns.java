package dev.tributary.alertrouter.core;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is: the receiver's with the fewest requests under way, so that one that does not
 * answer leaves the others theirs; its lanes in their order.
 */
final class Turns {
  private static final class Receiver {
    private final Deque<Lane> lanes = new ArrayDeque<>();
    private int underWay;
  }

  private final Map<String, Receiver> receivers = new LinkedHashMap<>();

  Turns(List<Lane> lanes) {
    for (Lane lane : lanes) {
      Receiver receiver = receivers.computeIfAbsent(lane.receiver(), name -> new Receiver());
      if (lane.isUnderWay()) {
        receiver.underWay++;
      } else {
        receiver.lanes.add(lane);
      }
    }
  }

  /** The next that is due; the caller sends it. Null: none. */
  @Nullable Notification next(Instant now, DeliveryMemory memory) {
    while (!receivers.isEmpty()) {
      Receiver receiver =
          Collections.min(receivers.values(), Comparator.comparingInt(each -> each.underWay));
      Lane lane = receiver.lanes.poll();
      if (lane == null) {
        receivers.values().remove(receiver);
        continue;
      }
      Notification next = lane.due(now, memory);
      if (next != null) {
        receiver.underWay++;
        return next;
      }
    }
    return null;
  }
}
