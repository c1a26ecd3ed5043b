package dev.tributary.standalone.offline;

import dev.tributary.attribution.core.Booking;
import dev.tributary.attribution.core.OfflineJoin;
import dev.tributary.attribution.core.ReferenceView;
import dev.tributary.normalize.MalformedOtlpException;
import dev.tributary.normalize.NormalizeConfig;
import dev.tributary.normalize.OtlpJson;
import dev.tributary.normalize.OtlpProto;
import dev.tributary.normalize.core.Findings;
import dev.tributary.normalize.core.NormalizeContext;
import dev.tributary.normalize.core.NormalizeResult;
import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.normalize.core.NormalizeResult.RejectedSpan;
import dev.tributary.normalize.core.Normalizer;
import dev.tributary.runtime.config.Settings;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Span;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads OTLP bodies as one stream, normalises and joins them with the cores that the streams run,
 * and prints a JSON line for each span.
 */
public final class OfflineNormalizer {
  /** Magic, schema fingerprint: what Avro's single-object encoding puts before the bytes. */
  private static final int SINGLE_OBJECT_HEADER_BYTES = 10;

  /** Recorded payloads may be of any age. */
  private static final Map<String, String> ANY_TIME =
      Map.of("tributary.normalize.max-age", "365000d", "tributary.normalize.max-ahead", "365000d");

  private record Read(Path file, Normalized result) {}

  private record Refused(Path file, RejectedSpan result) {}

  private final Normalizer normalizer;
  private final NormalizeContext context;
  private final List<Read> spans = new ArrayList<>();
  private final List<Refused> refused = new ArrayList<>();

  private OfflineNormalizer() {
    NormalizeConfig config = NormalizeConfig.of(Settings.of(ANY_TIME));
    this.normalizer = new Normalizer(config.rules(), config.pseudonyms(), Findings.IGNORED);
    this.context =
        new NormalizeContext(
            Keys.DEFAULT_TENANT, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
  }

  /**
   * Prints a line for each span of the files: JSON bodies and protobuf bodies are two streams, so
   * that the two encodings of one request do not join.
   *
   * @param errors gets a line for each file that is no OTLP request
   * @return number of files that could not be read
   */
  public static int run(List<Path> files, PrintWriter out, PrintWriter errors) throws IOException {
    int unreadable = 0;
    for (boolean json : new boolean[] {false, true}) {
      OfflineNormalizer stream = new OfflineNormalizer();
      for (Path file : files) {
        if (file.toString().endsWith(".json") == json && !stream.read(file, json, errors)) {
          unreadable++;
        }
      }
      stream.print(out);
    }
    out.flush();
    return unreadable;
  }

  private boolean read(Path file, boolean json, PrintWriter errors) throws IOException {
    byte[] body = Files.readAllBytes(file);
    try {
      var batch = json ? OtlpJson.parse(body) : OtlpProto.parse(body);
      for (NormalizeResult result : normalizer.normalize(batch, context)) {
        if (result instanceof Normalized normalized) {
          spans.add(new Read(file, normalized));
        } else if (result instanceof RejectedSpan rejected) {
          refused.add(new Refused(file, rejected));
        }
      }
      return true;
    } catch (MalformedOtlpException e) {
      errors.println(file + ": not an OTLP trace request: " + e.reason());
      errors.flush();
      return false;
    }
  }

  private void print(PrintWriter out) {
    OfflineJoin join = new OfflineJoin(ReferenceView.NOTHING, OfflineNormalizer::bytes);
    spans.forEach(read -> join.add(read.result.span()));
    // By identity: a span that lost against another of its id is not part of the trace.
    IdentityHashMap<Span, Joined> joined = new IdentityHashMap<>();
    for (Booking booking : join.book()) {
      for (int i = 0; i < booking.size(); i++) {
        joined.put(booking.span(i), new Joined(booking, i));
      }
    }
    SpanLines lines = new SpanLines();
    for (Read read : spans) {
      Joined place = joined.get(read.result.span());
      if (place != null) {
        out.println(lines.line(read.file, read.result, place.booking, place.index));
      }
    }
    refused.forEach(span -> out.println(lines.refused(span.file, span.result)));
  }

  private record Joined(Booking booking, int index) {}

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
