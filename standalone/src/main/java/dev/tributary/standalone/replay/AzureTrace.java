package dev.tributary.standalone.replay;

import dev.tributary.standalone.text.TextFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;

/** The Azure LLM inference traces: CSV of {@code TIMESTAMP,ContextTokens,GeneratedTokens}. */
final class AzureTrace {
  private static final String HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens";
  private static final DateTimeFormatter TIMESTAMP =
      new DateTimeFormatterBuilder()
          .appendPattern("yyyy-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter();

  private AzureTrace() {}

  /**
   * All requests of the file, in its order.
   *
   * @throws TraceFileException naming the line that is not as the format says
   */
  static List<LlmRequest> read(Path file) throws IOException, TraceFileException {
    List<LlmRequest> requests = new ArrayList<>();
    try (BufferedReader lines = TextFile.reader(file)) {
      String header = lines.readLine();
      if (header == null || !header.strip().equals(HEADER)) {
        throw new TraceFileException(file, 1, "the header must be " + HEADER);
      }
      long number = 1;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          requests.add(parse(file, number, line));
        }
      }
    }
    return requests;
  }

  private static LlmRequest parse(Path file, long number, String line) throws TraceFileException {
    String[] fields = line.strip().split(",", -1);
    if (fields.length != 3) {
      throw new TraceFileException(file, number, "3 fields are needed: " + fields.length);
    }
    try {
      return new LlmRequest(
          LocalDateTime.parse(fields[0], TIMESTAMP).toInstant(ZoneOffset.UTC),
          tokens(fields[1]),
          tokens(fields[2]),
          null);
    } catch (DateTimeException | NumberFormatException e) {
      throw new TraceFileException(file, number, String.valueOf(e.getMessage()));
    }
  }

  private static long tokens(String field) {
    long tokens = Long.parseLong(field);
    if (tokens < 0) {
      throw new NumberFormatException("tokens must be a whole number from 0: " + field);
    }
    return tokens;
  }
}
