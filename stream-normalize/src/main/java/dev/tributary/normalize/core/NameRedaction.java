package dev.tributary.normalize.core;

import dev.tributary.normalize.redact.Redactor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/**
 * Takes credentials and mail addresses out of a record's names: a key or a person may stand
 * wherever a name may, and the cost plane holds neither. Numbers stay, since they may be what a
 * session or a workspace is known by. What others join on gets a pseudonym instead of a marker, so
 * that two people's sessions stay two.
 */
public final class NameRedaction {
  private static final Set<String> JOINED_ON = Set.of("session_id", "response_id", "subject_id");

  private final Redactor redactor;
  private final Pseudonyms pseudonyms;

  /**
   * For one thread.
   *
   * @param redactor what is taken out
   * @param pseudonyms what stands for an id that others join on
   */
  public NameRedaction(Redactor redactor, Pseudonyms pseudonyms) {
    this.redactor = redactor;
    this.pseudonyms = pseudonyms;
  }

  /** Cleans the record in place; answers what was found, by kind. */
  public Map<String, Long> redact(SpecificRecord record, String tenant) {
    Map<String, Long> found = new HashMap<>(2);
    record(record, tenant, found);
    return found;
  }

  private void record(SpecificRecord record, String tenant, Map<String, Long> found) {
    for (Schema.Field field : record.getSchema().getFields()) {
      Object value = record.get(field.pos());
      if (value instanceof String text) {
        String clean = redactor.redactName(text, found);
        if (!clean.equals(text)) {
          record.put(
              field.pos(),
              JOINED_ON.contains(field.name()) ? pseudonyms.fingerprint(tenant, text) : clean);
        }
      } else if (value instanceof SpecificRecord nested) {
        record(nested, tenant, found);
      } else if (value instanceof List<?> list) {
        record.put(field.pos(), items(list, found));
      } else if (value instanceof Map<?, ?> map) {
        record.put(field.pos(), values(map, found));
      }
    }
  }

  private List<?> items(List<?> list, Map<String, Long> found) {
    if (list.isEmpty() || !(list.get(0) instanceof String)) {
      return list;
    }
    List<String> clean = new ArrayList<>(list.size());
    for (Object item : list) {
      clean.add(redactor.redactName(String.valueOf(item), found));
    }
    return clean;
  }

  private Map<?, ?> values(Map<?, ?> map, Map<String, Long> found) {
    if (map.isEmpty() || !(map.values().iterator().next() instanceof String)) {
      return map;
    }
    Map<Object, Object> clean = new HashMap<>();
    map.forEach((name, value) -> clean.put(name, redactor.redactName((String) value, found)));
    return clean;
  }
}
