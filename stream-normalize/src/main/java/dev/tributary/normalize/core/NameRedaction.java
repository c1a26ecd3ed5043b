package dev.tributary.normalize.core;

import dev.tributary.normalize.redact.Redactor;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.Score;
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

  /** Made here, or checked to be no text: nobody's words can stand in them. */
  private static final Set<String> OURS =
      Set.of(
          "tenant",
          "content_ref",
          "explanation_ref",
          "score_id",
          "job_id",
          "event_id",
          "dialect",
          "usage_error",
          "module",
          "reason",
          "detail",
          "source_topic");

  private static final Set<String> IDS = Set.of("trace_id", "span_id", "parent_span_id");
  private static final Set<String> HASHES =
      Set.of("user_hash", "input_hash", "tool_args_hash", "prompt_hash");

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

  /** How records call something that others join on: its id, or the pseudonym in its place. */
  public String joinedOn(String id, String tenant) {
    boolean isClean = redactor.redactName(id, new HashMap<>(2)).equals(id);
    return isClean ? id : pseudonyms.fingerprint(tenant, id);
  }

  private void record(SpecificRecord record, String tenant, Map<String, Long> found) {
    for (Schema.Field field : record.getSchema().getFields()) {
      Object value = record.get(field.pos());
      if (value instanceof String text && !isOurs(record, field.name(), text)) {
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
    map.forEach(
        (name, value) -> {
          String text = (String) value;
          // What a tag is called is the user's choice; only an id can be told by its value.
          boolean isId = IDS.contains(String.valueOf(name)) && isId(text);
          clean.put(name, isId ? text : redactor.redactName(text, found));
        });
    return clean;
  }

  /**
   * Whether the text is no name but what records are joined and counted by. A pattern of one's own
   * may match digits, and ids of two spans that differ in digits only would become one. What stands
   * in such a field and is none of these is a producer's word after all.
   */
  private static boolean isOurs(SpecificRecord record, String field, String text) {
    if (IDS.contains(field)) {
      return isId(text);
    }
    if (record instanceof Score score && field.equals("subject_id")) {
      return isOurs(score);
    }
    if (record instanceof Event && field.equals("subject")) {
      return isId(text);
    }
    if (HASHES.contains(field)) {
      return (text.length() == 32 || text.length() == 64) && SpanChecks.isHex(text);
    }
    return OURS.contains(field) || (field.equals("reported_cost") && isNumber(text));
  }

  /**
   * Whether a trace or a span of ours is judged. A session, and a response that stands for its
   * span, are called by somebody else, even in sixteen digits.
   */
  private static boolean isOurs(Score score) {
    return switch (score.getSubjectKind()) {
      case TRACE -> SpanChecks.isTraceId(score.getSubjectId());
      case SPAN -> score.getTraceId() != null && SpanChecks.isSpanId(score.getSubjectId());
      case SESSION -> false;
    };
  }

  private static boolean isId(String text) {
    return SpanChecks.isTraceId(text) || SpanChecks.isSpanId(text);
  }

  private static boolean isNumber(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && c != '.' && c != '-') {
        return false;
      }
    }
    return true;
  }
}
