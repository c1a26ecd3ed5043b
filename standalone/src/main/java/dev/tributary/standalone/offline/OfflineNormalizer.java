package dev.tributary.standalone.offline;

import dev.tributary.normalize.MalformedOtlpException;
import dev.tributary.schemas.Span;
import dev.tributary.standalone.text.Complaint;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;

/** Reads OTLP bodies and prints a JSON line for each span. */
public final class OfflineNormalizer {
  private OfflineNormalizer() {}

  /**
   * Prints a line for each span of the files: JSON bodies and protobuf bodies are two streams, so
   * that the two encodings of one request do not join.
   *
   * @param errors gets a line for each file that is not there or no OTLP request
   * @return number of files that could not be read
   */
  public static int run(List<Path> files, PrintWriter out, PrintWriter errors) {
    int unreadable = 0;
    OfflineSpans protobuf = new OfflineSpans();
    OfflineSpans json = new OfflineSpans();
    for (Path file : files) {
      if (!read(file, protobuf, json, errors)) {
        unreadable++;
      }
    }
    print(protobuf, out);
    print(json, out);
    out.flush();
    return unreadable;
  }

  private static boolean read(
      Path file, OfflineSpans protobuf, OfflineSpans json, PrintWriter errors) {
    try {
      byte[] body = Files.readAllBytes(file);
      boolean isJson = BodyEncoding.isJson(file, body);
      (isJson ? json : protobuf).add(file, body, isJson);
      return true;
    } catch (MalformedOtlpException e) {
      errors.println(file + ": not an OTLP trace request: " + e.reason());
      errors.flush();
      return false;
    } catch (FileSystemException e) {
      errors.println(Complaint.of(e));
      errors.flush();
      return false;
    } catch (IOException e) {
      errors.println(file + ": " + Complaint.of(e));
      errors.flush();
      return false;
    }
  }

  private static void print(OfflineSpans stream, PrintWriter out) {
    IdentityHashMap<Span, OfflineSpans.Place> places = stream.join();
    SpanLines lines = new SpanLines();
    for (OfflineSpans.Read read : stream.spans()) {
      OfflineSpans.Place place = places.get(read.result().span());
      if (place != null) {
        out.println(lines.line(read.file(), read.result(), place.booking(), place.index()));
      }
    }
    stream.refused().forEach(span -> out.println(lines.refused(span.file(), span.result())));
  }
}
