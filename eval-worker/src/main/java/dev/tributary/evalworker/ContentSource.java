package dev.tributary.evalworker;

import dev.tributary.evalworker.core.SpanText;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Where content is fetched by reference. */
interface ContentSource {
  /**
   * The texts of traces; a trace without content is absent.
   *
   * @throws IOException when the source does not answer; ask again
   */
  Map<String, List<SpanText>> fetch(String tenant, Collection<String> traceIds)
      throws IOException, InterruptedException;
}
