package dev.tributary.standalone.offline;

import dev.tributary.attribution.core.Booking;
import dev.tributary.attribution.core.OfflineJoin;
import dev.tributary.attribution.core.ReferenceView;
import dev.tributary.normalize.MalformedOtlpException;
import dev.tributary.normalize.NormalizeConfig;
import dev.tributary.normalize.OtlpJson;
import dev.tributary.normalize.OtlpProto;
import dev.tributary.normalize.core.Findings.Finding;
import dev.tributary.normalize.core.NormalizeContext;
import dev.tributary.normalize.core.NormalizeResult;
import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.normalize.core.NormalizeResult.RejectedSpan;
import dev.tributary.normalize.core.Normalizer;
import dev.tributary.normalize.core.OtlpBatch;
import dev.tributary.runtime.config.Settings;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * OTLP bodies read as one stream: normalised and joined with the cores that the streams run,
 * without any service. Not safe for use by several threads.
 */
public final class OfflineSpans {
  /** Magic, schema fingerprint: what Avro's single-object encoding puts before the bytes. */
  private static final int SINGLE_OBJECT_HEADER_BYTES = 10;

  /**
   * Before any telemetry. Recorded payloads may be of any age, but milliseconds or seconds that
   * were taken for nanoseconds lie in the first days of 1970; every instance refuses those.
   */
  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

  /** Something noticed while a span was read, and the attribute it is about. */
  public record Met(Finding finding, String subject) {}

  /**
   * A span that was read.
   *
   * @param met what was noticed while it was read
   */
  public record Read(Path file, Normalized result, List<Met> met) {}

  /** A span that was refused. */
  public record Refused(Path file, RejectedSpan result) {}

  /** Where a span stands in its booked trace. */
  public record Place(Booking booking, int index) {}

  private final List<Met> pending = new ArrayList<>();
  private final Normalizer normalizer;
  private final NormalizeContext context;
  private final List<Read> spans = new ArrayList<>();
  private final List<Refused> refused = new ArrayList<>();

  /** A stream without any span. */
  public OfflineSpans() {
    Instant now = Instant.now();
    Map<String, String> times =
        Map.of(
            "tributary.normalize.max-age",
            ChronoUnit.DAYS.between(EARLIEST, now) + "d",
            "tributary.normalize.max-ahead",
            "365000d");
    NormalizeConfig config = NormalizeConfig.from(Settings.of(times));
    this.normalizer =
        new Normalizer(
            config.rules(),
            config.pseudonyms(),
            (finding, subject) -> pending.add(new Met(finding, subject)));
    this.context =
        new NormalizeContext(Keys.DEFAULT_TENANT, ChronoUnit.MICROS.between(Instant.EPOCH, now));
  }

  /**
   * Adds the spans of a body.
   *
   * @param isJson whether the body is JSON; else it is protobuf
   * @throws MalformedOtlpException when it is no OTLP trace request; then no span of it is added
   */
  public void add(Path file, byte[] body, boolean isJson) throws MalformedOtlpException {
    OtlpBatch batch = isJson ? OtlpJson.parse(body) : OtlpProto.parse(body);
    normalizer.normalize(
        batch,
        context,
        result -> {
          accept(file, result, List.copyOf(pending));
          pending.clear();
        });
  }

  private void accept(Path file, NormalizeResult result, List<Met> met) {
    if (result instanceof Normalized normalized) {
      spans.add(new Read(file, normalized, met));
    } else if (result instanceof RejectedSpan rejected) {
      refused.add(new Refused(file, rejected));
    }
  }

  /** The spans read so far, in the order they came. */
  public List<Read> spans() {
    return List.copyOf(spans);
  }

  /** The spans refused so far, in the order they came. */
  public List<Refused> refused() {
    return List.copyOf(refused);
  }

  /**
   * Books every trace as closed. By identity: a span that lost against another of its id is not
   * part of its trace.
   */
  public IdentityHashMap<Span, Place> join() {
    OfflineJoin join = new OfflineJoin(ReferenceView.NOTHING, OfflineSpans::bytes);
    spans.forEach(read -> join.add(read.result().span()));
    IdentityHashMap<Span, Place> places = new IdentityHashMap<>();
    for (Booking booking : join.book()) {
      for (int i = 0; i < booking.size(); i++) {
        places.put(booking.span(i), new Place(booking, i));
      }
    }
    return places;
  }

  private static byte[] bytes(Span span) {
    try {
      ByteBuffer encoded = span.toByteBuffer();
      encoded.position(encoded.position() + SINGLE_OBJECT_HEADER_BYTES);
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException("encoding into memory", e);
    }
  }
}
