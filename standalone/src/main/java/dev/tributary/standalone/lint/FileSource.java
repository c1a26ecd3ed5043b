package dev.tributary.standalone.lint;

import dev.tributary.attribution.core.Booking;
import dev.tributary.normalize.MalformedOtlpException;
import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.ResolvedTag;
import dev.tributary.schemas.Span;
import dev.tributary.standalone.offline.BodyEncoding;
import dev.tributary.standalone.offline.OfflineSpans;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads OTLP bodies, or files with one JSON body a line as the Collector's file exporter writes.
 */
public final class FileSource {
  private final OfflineSpans stream = new OfflineSpans();
  private final List<String> unreadable = new ArrayList<>();

  private final @Nullable String service;

  private FileSource(@Nullable String service) {
    this.service = service;
  }

  /** Reads and judges files, all of them one stream; the encoding is seen from the content. */
  public static LintReport read(List<Path> files) {
    return read(files, null);
  }

  /**
   * The same of one service; the spans of others are where its spans inherit from.
   *
   * @param service null: of all
   */
  public static LintReport read(List<Path> files, @Nullable String service) {
    FileSource source = new FileSource(service);
    Set<Path> distinct = new LinkedHashSet<>(files);
    distinct.forEach(source::read);
    return source.report(distinct.size() + (distinct.size() == 1 ? " file" : " files"));
  }

  private void read(Path file) {
    byte[] body;
    try {
      body = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      unreadable.add(file + ": no such file");
      return;
    } catch (IOException e) {
      unreadable.add(file + ": " + e.getMessage());
      return;
    }
    if (body.length == 0) {
      unreadable.add(file + ": empty");
      return;
    }
    boolean isJson = BodyEncoding.isJson(file, body);
    try {
      stream.add(file, body, isJson);
    } catch (MalformedOtlpException e) {
      if (!isJson || !readLines(file, body)) {
        unreadable.add(file + ": not an OTLP trace request: " + e.reason());
      }
    }
  }

  /** False where no line of the body is a JSON request. */
  private boolean readLines(Path file, byte[] body) {
    List<String> lines =
        new String(body, StandardCharsets.UTF_8).lines().filter(line -> !line.isBlank()).toList();
    if (lines.size() < 2) {
      return false;
    }
    List<String> problems = new ArrayList<>();
    int number = 0;
    for (String line : lines) {
      number++;
      try {
        stream.add(file, line.getBytes(StandardCharsets.UTF_8), true);
      } catch (MalformedOtlpException e) {
        problems.add(file + ": request " + number + ": not an OTLP trace request: " + e.reason());
      }
    }
    // A request written over several lines has none that is one by itself.
    if (problems.size() == lines.size()) {
      return false;
    }
    unreadable.addAll(problems);
    return true;
  }

  private LintReport report(String what) {
    IdentityHashMap<Span, OfflineSpans.Place> places = stream.join();
    Map<String, Long> starts = new HashMap<>();
    Set<String> traces = new LinkedHashSet<>();
    for (Span span : places.keySet()) {
      starts.put(id(span.getTraceId(), span.getSpanId()), span.getStartTimeUs());
      if (isAsked(span.getServiceName())) {
        traces.add(span.getTraceId());
      }
    }
    List<LintedSpan> spans = new ArrayList<>();
    long repeated = 0;
    for (OfflineSpans.Read read : stream.spans()) {
      OfflineSpans.Place place = places.get(read.result().span());
      if (!isAsked(read.result().span().getServiceName())) {
        continue;
      }
      if (place == null) {
        repeated++;
      } else {
        spans.add(linted(read, place.booking(), place.index(), starts));
      }
    }
    Map<ScopeId, Map<String, Long>> rejected = new HashMap<>();
    for (OfflineSpans.Refused refused : stream.refused()) {
      if (!isAsked(refused.result().serviceName())) {
        continue;
      }
      rejected
          .computeIfAbsent(
              new ScopeId(refused.result().serviceName(), null, null), id -> new HashMap<>())
          .merge(refused.result().reason().name(), 1L, Long::sum);
    }
    return LintReport.of(
        spans,
        rejected,
        changed(places),
        new LintReport.Facts(what, List.copyOf(unreadable), repeated, traces.size()));
  }

  /** Spans by instrumentation that lost against another of their id, and were not the same. */
  private Map<ScopeId, Long> changed(IdentityHashMap<Span, OfflineSpans.Place> places) {
    Map<String, Span> kept = new HashMap<>();
    places.keySet().forEach(span -> kept.put(id(span.getTraceId(), span.getSpanId()), span));
    Map<ScopeId, Long> changed = new HashMap<>();
    for (OfflineSpans.Read read : stream.spans()) {
      Span span = read.result().span();
      if (isAsked(span.getServiceName())
          && !span.equals(kept.get(id(span.getTraceId(), span.getSpanId())))) {
        changed.merge(ScopeId.of(span), 1L, Long::sum);
      }
    }
    return changed;
  }

  private static LintedSpan linted(
      OfflineSpans.Read read, Booking booking, int index, Map<String, Long> starts) {
    Span span = read.result().span();
    Attribution attribution = booking.attribution(index);
    Map<String, @Nullable Provenance> tags = new HashMap<>();
    for (String tag : Tally.TAGS.keySet()) {
      ResolvedTag resolved = (ResolvedTag) Objects.requireNonNull(attribution.get(tag), tag);
      tags.put(tag, resolved.getProvenance());
    }
    String parent = span.getParentSpanId();
    return new LintedSpan(
        span,
        LintReport.known(tags),
        booking.sessionId(index) != null,
        booking.line(index).getCalls() > 0,
        parent == null
            ? LintedSpan.Parent.NONE
            : new LintedSpan.Parent(true, starts.get(id(span.getTraceId(), parent))),
        read.met());
  }

  private boolean isAsked(@Nullable String name) {
    return service == null || service.equals(name);
  }

  private static String id(String traceId, String spanId) {
    return traceId + '/' + spanId;
  }
}
