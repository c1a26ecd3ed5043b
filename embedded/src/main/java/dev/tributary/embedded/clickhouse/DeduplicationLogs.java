package dev.tributary.embedded.clickhouse;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Mends what a kill leaves in the tables' deduplication logs, before the engine reads them.
 *
 * <p>Under the table's lock the engine writes the token of an insert into the log, and after that
 * gives the part its name. Killed in between it would take the repeated insert for one that it has,
 * drop it and answer success: rows would be lost. As the lock admits one insert, this can only be
 * the last line of the log; without a part it goes.
 */
final class DeduplicationLogs {

  private static final Pattern LOG = Pattern.compile("deduplication_log_(\\d{1,18})\\.txt");

  /** {@code partition_firstBlock_lastBlock_level}, with a fifth number after a mutation. */
  private static final Pattern PART =
      Pattern.compile("([^_]+)_(\\d{1,18})_(\\d{1,18})_\\d+(?:_\\d+)?");

  private static final String ADDED = "1";

  private DeduplicationLogs() {}

  /** Mends the logs of all tables; the engine must not run. */
  static void mend(Path dataDir) throws IOException {
    // Tables are in store/xxx/uuid, or in data/database/table where a database is Ordinary.
    for (String databases : List.of("store", "data")) {
      for (Path group : entries(dataDir.resolve(databases))) {
        for (Path table : entries(group)) {
          mendTable(table);
        }
      }
    }
  }

  private static void mendTable(Path table) throws IOException {
    List<Path> logs = new ArrayList<>(entries(table.resolve("deduplication_logs")));
    logs.removeIf(log -> !LOG.matcher(log.getFileName().toString()).matches());
    logs.sort(Comparator.comparingLong(DeduplicationLogs::number).reversed());
    for (Path log : logs) {
      byte[] content = Files.readAllBytes(log);
      if (content.length > 0) {
        int end = lastLineStart(content);
        String line = new String(content, end, content.length - end, StandardCharsets.UTF_8);
        if (!line.endsWith("\n") || isWithoutPart(line.strip().split("\t"), table)) {
          cut(log, end);
        }
        // An empty log was begun by the insert before it: that line is in the next older one.
        return;
      }
    }
  }

  private static long number(Path log) {
    return Long.parseLong(LOG.matcher(log.getFileName().toString()).replaceFirst("$1"));
  }

  private static int lastLineStart(byte[] content) {
    int at = content.length - 1;
    while (at > 0 && content[at - 1] != '\n') {
      at--;
    }
    return at;
  }

  /** Whether a line adds a part that is neither there nor merged into one that is. */
  private static boolean isWithoutPart(String[] fields, Path table) throws IOException {
    Matcher added = PART.matcher(fields.length < 3 ? "" : fields[1]);
    if (!fields[0].equals(ADDED) || !added.matches()) {
      return false;
    }
    for (Path entry : entries(table)) {
      Matcher part = PART.matcher(entry.getFileName().toString());
      if (part.matches() && part.group(1).equals(added.group(1)) && covers(part, added)) {
        return false;
      }
    }
    return true;
  }

  private static boolean covers(Matcher part, Matcher added) {
    return Long.parseLong(part.group(2)) <= Long.parseLong(added.group(2))
        && Long.parseLong(part.group(3)) >= Long.parseLong(added.group(3));
  }

  private static void cut(Path log, long length) throws IOException {
    try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
      channel.truncate(length);
      channel.force(true);
    }
  }

  private static List<Path> entries(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }
}
