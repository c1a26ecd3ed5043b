package dev.tributary.attribution.core;

import dev.tributary.schemas.Span;
import dev.tributary.schemas.Tags;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a span hands down to its children: for every tag the nearest value on the way up, with the
 * session and the user. Immutable and shared by all spans that state nothing themselves.
 */
final class Inherited {
  /** Nothing is known. */
  static final Inherited NOTHING =
      new Inherited(new @Nullable String[TagField.ALL.size()], Map.of(), null, null);

  private final @Nullable String[] values;
  private final Map<String, String> custom;
  private final @Nullable String sessionId;
  private final @Nullable String userHash;

  private Inherited(
      @Nullable String[] values,
      Map<String, String> custom,
      @Nullable String sessionId,
      @Nullable String userHash) {
    this.values = values;
    this.custom = custom;
    this.sessionId = sessionId;
    this.userHash = userHash;
  }

  /** What a span hands down that inherited this. */
  Inherited through(Span span) {
    Tags own = span.getTags();
    @Nullable String[] merged = null;
    for (TagField field : TagField.ALL) {
      String value = field.stated(own);
      if (value != null) {
        merged = merged == null ? values.clone() : merged;
        merged[field.index()] = value;
      }
    }
    if (merged != null && statesPrompt(own)) {
      // Name and version describe one template: a half from further up would mix two of them.
      merged[TagField.PROMPT_NAME.index()] = own.getPromptName();
      merged[TagField.PROMPT_VERSION.index()] = own.getPromptVersion();
    }
    boolean nothingElse =
        own.getCustom().isEmpty() && span.getSessionId() == null && span.getUserHash() == null;
    if (merged == null && nothingElse) {
      return this;
    }
    Map<String, String> mergedCustom = custom;
    if (!own.getCustom().isEmpty()) {
      mergedCustom = new TreeMap<>(custom);
      mergedCustom.putAll(own.getCustom());
    }
    return new Inherited(
        merged == null ? values : merged,
        mergedCustom,
        span.getSessionId() == null ? sessionId : span.getSessionId(),
        span.getUserHash() == null ? userHash : span.getUserHash());
  }

  /** Whether a place states a prompt name or version. */
  static boolean statesPrompt(Tags tags) {
    return tags.getPromptName() != null || tags.getPromptVersion() != null;
  }

  boolean knowsPrompt() {
    return value(TagField.PROMPT_NAME) != null || value(TagField.PROMPT_VERSION) != null;
  }

  @Nullable String value(TagField field) {
    return values[field.index()];
  }

  /** Configured tags by name, sorted. */
  Map<String, String> custom() {
    return custom;
  }

  @Nullable String sessionId() {
    return sessionId;
  }

  @Nullable String userHash() {
    return userHash;
  }

  /** Tags only; session and user are not needed after a trace's summary is final. */
  byte[] write() {
    ByteWriter out = new ByteWriter(128);
    for (String value : values) {
      out.optional(value);
    }
    out.number(custom.size());
    custom.forEach((name, value) -> out.text(name).text(value));
    return out.done();
  }

  static Inherited read(byte[] stored) {
    ByteReader in = new ByteReader(stored);
    @Nullable String[] values = new @Nullable String[TagField.ALL.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.optionalText();
    }
    Map<String, String> custom = new TreeMap<>();
    for (int left = in.count(); left > 0; left--) {
      custom.put(in.text(), in.text());
    }
    return new Inherited(values, custom, null, null);
  }
}
