package dev.tributary.standalone.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.standalone.text.TextFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The Mooncake request traces (FAST'25): JSON lines of {@code timestamp} (ms from the start),
 * {@code input_length}, {@code output_length} and {@code hash_ids}, one id per block of 512 prompt
 * tokens. Equal leading ids mean an equal prefix, so the leading blocks an earlier request had
 * already are what a prefix cache that forgets nothing would have served.
 */
final class MooncakeTrace {
  private static final long BLOCK_TOKENS = 512;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private MooncakeTrace() {}

  /**
   * All requests of the file, in its order, counted from the epoch.
   *
   * @throws TraceFileException naming the line that is not as the format says
   */
  static List<LlmRequest> read(Path file) throws IOException, TraceFileException {
    List<LlmRequest> requests = new ArrayList<>();
    Set<Long> cached = new HashSet<>();
    long number = 0;
    try (BufferedReader lines = TextFile.reader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          requests.add(parse(file, number, line, cached));
        }
      }
    }
    return requests;
  }

  private static LlmRequest parse(Path file, long number, String line, Set<Long> cached)
      throws TraceFileException {
    JsonNode request;
    try {
      request = MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      throw new TraceFileException(file, number, "not JSON: " + e.getOriginalMessage());
    }
    long input = required(file, number, request, "input_length");
    return new LlmRequest(
        Instant.ofEpochMilli(required(file, number, request, "timestamp")),
        input,
        required(file, number, request, "output_length"),
        Math.min(input, BLOCK_TOKENS * leadingHits(request.path("hash_ids"), cached)));
  }

  /** Counts leading blocks seen before, then remembers all of the request's blocks. */
  private static long leadingHits(JsonNode hashIds, Set<Long> cached) {
    long hits = 0;
    boolean leading = true;
    for (JsonNode id : hashIds) {
      boolean isNew = cached.add(id.asLong());
      leading = leading && !isNew;
      if (leading) {
        hits++;
      }
    }
    return hits;
  }

  private static long required(Path file, long number, JsonNode request, String field)
      throws TraceFileException {
    JsonNode value = request.path(field);
    if (!value.isIntegralNumber() || value.asLong() < 0) {
      throw new TraceFileException(file, number, field + " must be a whole number from 0");
    }
    return value.asLong();
  }
}
