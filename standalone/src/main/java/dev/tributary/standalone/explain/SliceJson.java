package dev.tributary.standalone.explain;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.anomaly.core.explain.Slice;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;

/** Slices as a JSON list, best first. */
public final class SliceJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final MathContext SHOWN = new MathContext(12, RoundingMode.HALF_EVEN);

  private SliceJson() {}

  /** Prints the list; a line per slice. */
  public static void print(List<Slice> slices, PrintWriter out) throws IOException {
    ArrayNode list = JSON.createArrayNode();
    int rank = 0;
    for (Slice slice : slices) {
      ObjectNode node = list.addObject();
      node.put("rank", ++rank);
      node.put("cause", slice.isCause());
      ObjectNode values = node.putObject("slice");
      slice.values().forEach(values::put);
      put(node, "score", slice.score());
      put(node, "before", slice.before());
      put(node, "after", slice.after());
      put(node, "excess", slice.excess());
      put(node, "share", slice.share());
      node.put("cells", slice.cells());
    }
    DefaultPrettyPrinter lines = new DefaultPrettyPrinter();
    lines.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
    lines.indentObjectsWith(new DefaultPrettyPrinter.FixedSpaceIndenter());
    out.println(JSON.writer(lines).writeValueAsString(list));
    out.flush();
  }

  private static void put(ObjectNode node, String name, double number) {
    if (Double.isFinite(number)) {
      BigDecimal shown = new BigDecimal(number).round(SHOWN).stripTrailingZeros();
      node.put(name, new BigDecimal(shown.toPlainString()));
    } else {
      node.putNull(name);
    }
  }
}
