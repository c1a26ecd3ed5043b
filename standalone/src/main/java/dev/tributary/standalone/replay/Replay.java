package dev.tributary.standalone.replay;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Sends recorded telemetry and request traces to a receiver. */
public final class Replay {
  private static final int SPANS_PER_REQUEST = 200;
  private static final int REQUESTS_PER_PROGRESS_LINE = 2_000;

  /** Formats of request traces. */
  public enum Format {
    /** CSV of {@code TIMESTAMP,ContextTokens,GeneratedTokens}. */
    AZURE,
    /** JSON lines with prefix-block hashes. */
    MOONCAKE
  }

  /**
   * What the calls are said to be.
   *
   * @param run names the replay; the ids of its spans follow from it
   */
  public record Calls(String run, String provider, String model, String feature) {}

  /**
   * What was sent.
   *
   * @param input input tokens, cached ones included
   * @param cacheRead input tokens from cache
   */
  public record Sent(long requests, long input, long cacheRead, long output) {
    Sent plus(LlmRequest request) {
      Long cached = request.cacheReadTokens();
      return new Sent(
          requests + 1,
          input + request.inputTokens(),
          cacheRead + (cached == null ? 0 : cached),
          output + request.outputTokens());
    }
  }

  /**
   * How fast to send.
   *
   * @param speed multiple of the recorded speed; null: not bound to it
   * @param perSecond requests per second; null: no bound
   */
  public record Pace(@Nullable Double speed, @Nullable Double perSecond) {
    /** Checks that a bound is positive. */
    public Pace {
      // Not a number is no bound either.
      if ((speed != null && !(speed > 0)) || (perSecond != null && !(perSecond > 0))) {
        throw new IllegalArgumentException("speed and rate must be greater than 0");
      }
    }

    /** As fast as the receiver takes it. */
    public static Pace unlimited() {
      return new Pace(null, null);
    }

    /** A multiple of the recorded speed. */
    public static Pace recorded(double speed) {
      return new Pace(speed, null);
    }

    /** A number of requests per second. */
    public static Pace rate(double perSecond) {
      return new Pace(null, perSecond);
    }

    /** When the request is due, nanoseconds after the start. */
    long dueNanos(long number, Duration sinceFirst) {
      if (speed != null) {
        return (long) (sinceFirst.toNanos() / speed);
      }
      return perSecond == null ? 0 : (long) (number / perSecond * 1e9);
    }
  }

  private Replay() {}

  /**
   * Sends a request trace.
   *
   * @param lastIsAt the last request is moved there, the others with it; null: times stay
   * @param progress gets a line every two thousand requests
   */
  public static Sent requests(
      URI endpoint,
      Path file,
      Format format,
      Calls calls,
      Pace pace,
      @Nullable Instant lastIsAt,
      PrintWriter progress)
      throws IOException, TraceFileException, InterruptedException {
    List<LlmRequest> requests =
        switch (format) {
          case AZURE -> AzureTrace.read(file);
          case MOONCAKE -> MooncakeTrace.read(file);
        };
    if (requests.isEmpty()) {
      throw new TraceFileException(file, 1, "holds no request");
    }
    Instant first = requests.get(0).at();
    Instant last = requests.stream().map(LlmRequest::at).max(Comparator.naturalOrder()).get();
    Duration shift = lastIsAt == null ? Duration.ZERO : Duration.between(last, lastIsAt);
    RequestSpans spans =
        new RequestSpans(calls.run(), calls.provider(), calls.model(), calls.feature(), shift);

    Sent sent = new Sent(0, 0, 0, 0);
    long startNanos = System.nanoTime();
    try (OtlpSender sender = new OtlpSender(endpoint)) {
      List<LlmRequest> batch = new ArrayList<>(SPANS_PER_REQUEST);
      for (LlmRequest request : requests) {
        long due = pace.dueNanos(sent.requests(), Duration.between(first, request.at()));
        if (batch.size() == SPANS_PER_REQUEST || (isLater(startNanos, due) && !batch.isEmpty())) {
          send(sender, spans, batch, sent.requests());
        }
        waitUntil(startNanos + due);
        batch.add(request);
        sent = sent.plus(request);
        if (sent.requests() % REQUESTS_PER_PROGRESS_LINE == 0) {
          progress.printf("sent %d of %d requests%n", sent.requests(), requests.size());
          progress.flush();
        }
      }
      send(sender, spans, batch, sent.requests());
    }
    return sent;
  }

  /**
   * Sends recorded bodies in the given order.
   *
   * @param lastIsAt the latest end over all bodies is moved there; null: times stay
   * @return number of bodies
   */
  public static long bodies(URI endpoint, List<Path> files, @Nullable Instant lastIsAt)
      throws IOException, TraceFileException, InterruptedException {
    List<RecordedBody> bodies = new ArrayList<>();
    for (Path file : files) {
      bodies.add(RecordedBody.read(file));
    }
    long last = bodies.stream().mapToLong(RecordedBody::lastEndNanos).max().orElse(0);
    long shift =
        lastIsAt == null || last == 0
            ? 0
            : TimeUnit.SECONDS.toNanos(lastIsAt.getEpochSecond()) + lastIsAt.getNano() - last;
    try (OtlpSender sender = new OtlpSender(endpoint)) {
      for (RecordedBody body : bodies) {
        sender.send(BodyPublishers.ofByteArray(body.shifted(shift)), body.isJson());
      }
    }
    return bodies.size();
  }

  private static void send(
      OtlpSender sender, RequestSpans spans, List<LlmRequest> batch, long sentSoFar)
      throws IOException, InterruptedException {
    sender.send(BodyPublishers.ofByteArray(spans.body(batch, sentSoFar - batch.size())), false);
    batch.clear();
  }

  private static boolean isLater(long startNanos, long dueNanos) {
    return System.nanoTime() - startNanos < dueNanos;
  }

  private static void waitUntil(long nanoTime) throws InterruptedException {
    for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException("stopped while sending");
      }
    }
  }
}
