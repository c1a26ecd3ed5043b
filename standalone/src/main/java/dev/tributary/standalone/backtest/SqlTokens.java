package dev.tributary.standalone.backtest;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tokens of a row of {@code windows} in SQL, estimated ones included. */
final class SqlTokens {
  static final String INPUT =
      sum(
          "input_uncached",
          "cache_read",
          "cache_write_5m",
          "cache_write_1h",
          "input_audio",
          "input_image");
  static final String CACHE_READ = sum("cache_read");
  static final String OUTPUT = sum("output_text", "reasoning", "output_audio", "output_image");

  private SqlTokens() {}

  private static String sum(String... buckets) {
    return Arrays.stream(buckets)
        .flatMap(bucket -> Stream.of(bucket + "_tokens", bucket + "_tokens_estimated"))
        .collect(Collectors.joining(" + "));
  }
}
