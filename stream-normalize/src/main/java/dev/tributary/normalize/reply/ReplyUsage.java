package dev.tributary.normalize.reply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.normalize.reply.ReplyReading.NoUsage;
import org.jspecify.annotations.Nullable;

/**
 * Reads the usage of a provider's raw reply. All blocks of a stream are one usage: of each count
 * the last statement holds, which is every provider's own rule (Anthropic's message_start and
 * message_delta, cumulative counts of the others). Looks only where providers put usage, never into
 * messages. Never throws.
 */
public final class ReplyUsage {
  /** Longest reply that is looked into, characters. */
  static final int MAX_CHARS = 32 << 20;

  private ReplyUsage() {}

  /**
   * Reads a reply: one JSON body, server-sent events, JSON lines, an array of parts, the text of an
   * AWS event stream, or only the usage object of a reply.
   *
   * @param providerId who answered, in any common spelling; decides where the numbers alone do not;
   *     null: unknown
   * @param apiFlavor which of its APIs, as {@code chat}, {@code responses}, {@code anthropic},
   *     {@code embeddings}, {@code tokens}; null: unknown
   * @param body null: there is none
   */
  public static ReplyReading read(
      @Nullable String providerId, @Nullable String apiFlavor, @Nullable String body) {
    if (body == null || body.isBlank()) {
      return new NoUsage("EMPTY", ReplyFacts.NONE);
    }
    if (body.length() > MAX_CHARS) {
      return new NoUsage("TOO_LONG", ReplyFacts.NONE);
    }
    Reading reading = new Reading(ReplySource.of(providerId, apiFlavor));
    ReplyBody.forEachPart(body, reading::add);
    return reading.result();
  }

  /** As {@link #read(String, String, String)}, for a reply that is parsed already. */
  public static ReplyReading read(
      @Nullable String providerId, @Nullable String apiFlavor, JsonNode body) {
    Reading reading = new Reading(ReplySource.of(providerId, apiFlavor));
    ReplyBody.forEachPart(body, reading::add);
    return reading.result();
  }

  /** One reply, part by part. */
  private static final class Reading {
    private final UsageBlocks blocks;
    private final FactsReader facts = new FactsReader();
    private int parts;

    Reading(ReplySource source) {
      this.blocks = new UsageBlocks(source);
    }

    void add(JsonNode part) {
      parts++;
      facts.add(part);
      blocks.add(part);
    }

    ReplyReading result() {
      ReplyFacts said = facts.facts(parts > 1);
      if (parts == 0) {
        return new NoUsage("NOT_JSON", said);
      }
      UsageCounts counts = blocks.counts();
      if (counts.isEmpty()) {
        return new NoUsage(facts.isError() ? "ERROR_REPLY" : "NO_COUNTS", said);
      }
      return counts.resolve(said);
    }
  }
}
