package dev.tributary.standalone.price;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.normalize.reply.ReplyReading;
import dev.tributary.normalize.reply.ReplyUsage;
import dev.tributary.pricing.CostLine;
import dev.tributary.pricing.PriceStatus;
import dev.tributary.pricing.Priced;
import dev.tributary.pricing.PricingRequest;
import dev.tributary.pricing.UsageResult;
import dev.tributary.pricing.importer.PriceBook;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Prices JSON lines. Every line gets a line; one that cannot be read is {@code rejected} with the
 * reason, and the next one goes on.
 */
public final class PriceLines {
  /** Longest line that is read, characters. */
  private static final int MAX_LINE = 32 << 20;

  /** Output is handed on in pieces of about this size. */
  private static final int BUFFERED = 1 << 16;

  private static final Pattern SHORT_OFFSET = Pattern.compile("([+-]\\d{2})(\\d{2})$");

  private static final Pattern TWICE = Pattern.compile("Duplicate field '([^']*)'");

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // Which of two counts is meant nobody can say.
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private final PriceBook book;
  private final Instant now;

  /**
   * A pricer of lines.
   *
   * @param now the time of calls that state none
   */
  public PriceLines(PriceBook book, Instant now) {
    this.book = book;
    this.now = now;
  }

  /**
   * Prices every line; empty ones are skipped.
   *
   * @return how many lines were priced or refused
   */
  public long run(Reader in, PrintWriter out) throws IOException {
    LineReader lines = new LineReader(in, MAX_LINE);
    StringBuilder text = new StringBuilder(BUFFERED + 4_096);
    long count = 0;
    while (lines.next()) {
      String line = withoutMark(lines.line(), lines.number());
      if (line == null || !line.isBlank()) {
        count++;
        text.append(price(line, lines.number())).append('\n');
      }
      if (text.length() >= BUFFERED) {
        out.append(text);
        text.setLength(0);
      }
    }
    out.append(text);
    out.flush();
    return count;
  }

  /** Editors of one system put a byte order mark before the first line. */
  private static @Nullable String withoutMark(@Nullable String line, long number) {
    return number == 1 && line != null && line.startsWith("\uFEFF") ? line.substring(1) : line;
  }

  /**
   * The answer to one line.
   *
   * @param line null: longer than allowed
   * @param number its position, from 1
   */
  String price(@Nullable String line, long number) {
    if (line == null) {
      return malformed(number, NullNode.getInstance(), "the line is longer than " + MAX_LINE);
    }
    JsonNode call;
    try {
      call = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      Matcher twice = TWICE.matcher(String.valueOf(e.getOriginalMessage()));
      String problem =
          twice.lookingAt() ? UsageFields.clip(twice.group(1)) + " stands twice" : "not JSON";
      return malformed(number, NullNode.getInstance(), problem);
    }
    JsonNode id = call.path("id");
    JsonNode printedId = id.isValueNode() ? id : NullNode.getInstance();
    try {
      if (!call.isObject()) {
        throw new MalformedLineException("must be an object");
      }
      return priced(printedId, call);
    } catch (MalformedLineException e) {
      return malformed(number, printedId, String.valueOf(e.getMessage()));
    }
  }

  private String priced(JsonNode id, JsonNode call) throws MalformedLineException {
    String provider = name(call, "provider_id");
    Instant at = time(call.path("timestamp"));
    JsonNode body = call.path("response_body");
    if (body.isMissingNode() || body.isNull()) {
      if (!call.has("usage")) {
        throw new MalformedLineException("has neither usage nor response_body");
      }
      StatedUsage usage =
          call.path("usage").isNull()
              ? StatedUsage.of(new UsageResult.Missing())
              : UsageFields.of(call.path("usage"), call.path("inclusive"));
      PricingRequest request =
          new PricingRequest(
              null,
              name(call, "model_ref"),
              null,
              name(call, "region"),
              name(call, "service_tier"),
              null,
              at);
      return text(id, usage, price(provider, request, usage), null);
    }
    String flavor = name(call, "api_flavor");
    ReplyReading reading =
        body.isTextual()
            ? ReplyUsage.read(provider, flavor, body.textValue())
            : ReplyUsage.read(provider, flavor, body);
    StatedUsage usage = usage(reading);
    String region = name(call, "region");
    String tier = name(call, "service_tier");
    PricingRequest request =
        new PricingRequest(
            null,
            reading.facts().model(),
            name(call, "model_ref"),
            region == null ? reading.facts().region() : region,
            tier == null ? reading.facts().serviceTier() : tier,
            null,
            at);
    return text(id, usage, price(provider, request, usage), reading);
  }

  private Priced price(@Nullable String provider, PricingRequest request, StatedUsage usage) {
    return book.price(provider, request, usage.tokens(), usage.unitCounts());
  }

  private static StatedUsage usage(ReplyReading reading) {
    if (reading instanceof ReplyReading.Counted counted) {
      return UsageFields.of(counted.tokens());
    }
    UsageResult none =
        reading instanceof ReplyReading.Invalid invalid
            ? new UsageResult.Invalid(invalid.reason())
            : new UsageResult.Missing();
    return StatedUsage.of(none);
  }

  private static String text(
      JsonNode id, StatedUsage usage, Priced priced, @Nullable ReplyReading reading) {
    ObjectNode line = JSON.createObjectNode();
    line.set("id", id);
    line.put("status", word(priced.status()));
    line.put("reason", priced.status().name());
    BigDecimal cost = priced.cost();
    line.put("cost_usd", cost == null ? null : plain(cost));
    ObjectNode buckets = line.putObject("buckets");
    usage
        .buckets()
        .forEach(
            (bucket, count) -> {
              if (count.stripTrailingZeros().scale() <= 0) {
                buckets.put(bucket.wireName(), count.toBigInteger());
              } else {
                buckets.put(bucket.wireName(), count.toPlainString());
              }
            });
    line.put("rate_card_id", priced.rateCardId());
    line.put("model", priced.canonicalModel());
    line.put("detail", priced.reason());
    ObjectNode lines = line.putObject("cost_lines");
    for (CostLine part : priced.lines()) {
      lines.put(part.bucket().wireName(), plain(part.cost()));
    }
    if (reading != null) {
      reply(line, reading);
    }
    return line.toString();
  }

  private static void reply(ObjectNode line, ReplyReading reading) {
    line.put("response_model", reading.facts().model());
    if (reading instanceof ReplyReading.Counted counted) {
      line.put("usage_quality", counted.quality().name());
      line.put("usage_convention", counted.convention().name());
      line.put("input_tokens", counted.tokens().inputTotal());
      line.put("output_tokens", counted.tokens().outputTotal());
    } else if (reading instanceof ReplyReading.NoUsage none) {
      line.put("detail", none.reason());
    }
  }

  private static String malformed(long number, JsonNode id, String problem) {
    ObjectNode line = JSON.createObjectNode();
    line.set("id", id);
    line.put("status", "rejected");
    line.put("reason", "MALFORMED");
    line.putNull("cost_usd");
    line.putObject("buckets");
    line.putNull("rate_card_id");
    line.put("detail", "line " + number + ": " + problem);
    return line.toString();
  }

  private static String word(PriceStatus status) {
    return switch (status) {
      case PRICED, PARTIAL, FREE, ALLOCATED, STALE -> "priced";
      case UNKNOWN_MODEL, UNKNOWN_SURFACE, NO_USAGE, NOT_BILLABLE -> "unknown";
      case INVALID_USAGE -> "rejected";
    };
  }

  private static String plain(BigDecimal amount) {
    BigDecimal stripped = amount.stripTrailingZeros();
    return stripped.signum() == 0 ? "0" : stripped.toPlainString();
  }

  private static @Nullable String name(JsonNode call, String field) throws MalformedLineException {
    JsonNode value = call.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw new MalformedLineException(field + " must be a text");
    }
    return value.textValue();
  }

  /** ISO 8601; without an offset it is UTC, a date alone is its first moment. */
  private Instant time(JsonNode value) throws MalformedLineException {
    if (value.isMissingNode() || value.isNull()) {
      return now;
    }
    String text = value.isTextual() ? value.textValue().strip() : "";
    try {
      if (text.length() == 10) {
        return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      }
      // Logs write a space for the T and leave the colon of an offset out.
      String iso =
          SHORT_OFFSET.matcher(text.replaceFirst("^(\\S{10}) ", "$1T")).replaceFirst("$1:$2");
      boolean hasOffset =
          iso.endsWith("Z")
              || iso.endsWith("z")
              || iso.lastIndexOf('+') > 10
              || iso.lastIndexOf('-') > 10;
      return hasOffset
          ? OffsetDateTime.parse(iso).toInstant()
          : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new MalformedLineException("timestamp must be ISO 8601, as 2026-11-20T12:00:00Z");
    }
  }
}
