package dev.tributary.standalone.correct;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a replay says of itself on its own commands' topic: when it begins, and when it is complete.
 *
 * @param order what it was asked to do
 * @param ledgerEnds where the ledger ended, by partition, before it looked how far the spans go:
 *     what stands there was made of spans that the replay has read; empty: it has only begun
 */
record ReplayMark(RunOrder order, Map<Integer, Long> ledgerEnds) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LEDGER_ENDS = "ledger_ends";

  ReplayMark {
    ledgerEnds = Map.copyOf(ledgerEnds);
  }

  boolean isComplete() {
    return !ledgerEnds.isEmpty();
  }

  /** One line of JSON: the order's, and the ends beside it. */
  String print() {
    try {
      ObjectNode json = (ObjectNode) JSON.readTree(order.print());
      if (isComplete()) {
        ObjectNode ends = json.putObject(LEDGER_ENDS);
        new TreeMap<>(ledgerEnds).forEach((partition, end) -> ends.put("" + partition, end));
      }
      return json.toString();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an order prints an object", e);
    }
  }

  /**
   * Reads what {@link #print} wrote.
   *
   * @return null where it is something else
   */
  static @Nullable ReplayMark parse(String tenant, String text) {
    RunOrder order = RunOrder.parse(tenant, text);
    if (order == null) {
      return null;
    }
    Map<Integer, Long> ends = new TreeMap<>();
    try {
      for (Map.Entry<String, JsonNode> end : JSON.readTree(text).path(LEDGER_ENDS).properties()) {
        ends.put(Integer.valueOf(end.getKey()), end.getValue().asLong());
      }
    } catch (JsonProcessingException | NumberFormatException e) {
      return null;
    }
    return new ReplayMark(order, ends);
  }
}
