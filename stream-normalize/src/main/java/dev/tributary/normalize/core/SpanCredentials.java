package dev.tributary.normalize.core;

import dev.tributary.normalize.redact.Redactor;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/**
 * Takes credentials out of a span's names: a key may stand wherever a name may, and the cost plane
 * holds no secret. Addresses and numbers stay, since they may be what a session or a workspace is
 * known by.
 */
final class SpanCredentials {
  private final Redactor redactor;
  private final Map<String, Long> found = new HashMap<>(2);

  private SpanCredentials(Redactor redactor) {
    this.redactor = redactor;
  }

  /** Cleans the span in place; answers what was found, by kind. */
  static Map<String, Long> redact(Span span, Redactor redactor) {
    SpanCredentials credentials = new SpanCredentials(redactor);
    credentials.record(span);
    return credentials.found;
  }

  private void record(SpecificRecord record) {
    for (Schema.Field field : record.getSchema().getFields()) {
      Object value = record.get(field.pos());
      if (value instanceof String text) {
        String clean = redactor.redactCredentials(text, found);
        if (!clean.equals(text)) {
          record.put(field.pos(), clean);
        }
      } else if (value instanceof Tags tags) {
        record(tags);
        tags.setCustom(values(tags.getCustom()));
      } else if (value instanceof List<?> list) {
        record.put(field.pos(), items(list));
      }
    }
  }

  private List<?> items(List<?> list) {
    if (list.isEmpty() || !(list.get(0) instanceof String)) {
      return list;
    }
    List<String> clean = new ArrayList<>(list.size());
    for (Object item : list) {
      clean.add(redactor.redactCredentials(String.valueOf(item), found));
    }
    return clean;
  }

  private Map<String, String> values(Map<String, String> map) {
    if (map.isEmpty()) {
      return map;
    }
    Map<String, String> clean = new HashMap<>();
    map.forEach((name, value) -> clean.put(name, redactor.redactCredentials(value, found)));
    return clean;
  }
}
