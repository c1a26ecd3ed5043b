package dev.tributary.normalize.core;

import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.schemas.EvaluationAttributes;
import dev.tributary.schemas.GenAiAttributes;
import dev.tributary.schemas.SpanContent;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The text of log records, by the rules for a span's text: as the one event of a span that has the
 * record's ids and time. Whose text it is, which erasure and the content's mode ask for, is read as
 * on a span. Not safe for use by several threads.
 */
final class LogText {
  private static final String BODY = "body";
  private static final Set<Attr> SESSIONS = EnumSet.copyOf(Arrays.asList(Precedence.SESSION));

  private final Normalizer texts;
  private final Set<String> tags;

  LogText(NormalizeRules rules, Pseudonyms pseudonyms) {
    // What it notices of the span that only carries the text is of no interest.
    this.texts = new Normalizer(rules, pseudonyms, Findings.IGNORED);
    this.tags = rules.tags().onSpan().keySet();
  }

  /** The content of a record that stands on a span; null: it has no text. */
  @Nullable SpanContent of(OtlpLog log, LogBatch.Group group, NormalizeContext context) {
    OtlpSpan carrier =
        new OtlpSpan(
            log.traceId(),
            log.spanId(),
            "",
            "",
            "",
            log.timeNanos(),
            log.timeNanos(),
            whose(log),
            List.of(new OtlpSpan.Event(log.eventName(), log.timeNanos(), text(log))),
            List.of(),
            0,
            "");
    OtlpBatch batch =
        new OtlpBatch(
            List.of(
                new OtlpBatch.Group(
                    group.resource(), group.scopeName(), group.scopeVersion(), List.of(carrier))));
    return texts.normalize(batch, context).get(0) instanceof Normalized normalized
        ? normalized.content()
        : null;
  }

  /** What states the session, the person and the tags, of the record or in its body. */
  private Attributes whose(OtlpLog log) {
    Attributes.Builder whose = new Attributes.Builder();
    for (int i = 0; i < log.attributes().size(); i++) {
      addIfWhose(whose, log.attributes().name(i), log.attributes().value(i));
    }
    if (log.body() instanceof Map<?, ?> members) {
      members.forEach((name, value) -> addIfWhose(whose, String.valueOf(name), value));
    }
    // Last: of two with one name the first stands.
    whose.add(GenAiAttributes.CONVERSATION_ID, log.find(EvaluationAttributes.TRIBUTARY_SESSION));
    return whose.build();
  }

  private void addIfWhose(Attributes.Builder whose, String name, @Nullable Object value) {
    Attr attr = Attr.of(name);
    boolean isStated = attr != null && (attr.plane == Plane.PERSON || SESSIONS.contains(attr));
    if (isStated || tags.contains(name)) {
      whose.add(name, value);
    }
  }

  /** The record's attributes and body; people's ids among them are text nowhere. */
  private static Attributes text(OtlpLog log) {
    Attributes.Builder text = new Attributes.Builder();
    for (int i = 0; i < log.attributes().size(); i++) {
      text.add(log.attributes().name(i), log.attributes().value(i));
    }
    if (log.body() instanceof Map<?, ?> members) {
      Map<String, @Nullable Object> kept = new LinkedHashMap<>();
      members.forEach(
          (name, value) -> {
            Attr attr = Attr.of(String.valueOf(name));
            if (attr == null || attr.plane != Plane.PERSON) {
              kept.put(String.valueOf(name), value);
            }
          });
      text.add(BODY, kept);
    } else {
      text.add(BODY, log.body());
    }
    return text.build();
  }
}
