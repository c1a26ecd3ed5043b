package dev.tributary.embedded.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Append-only file of JSON lines, each behind its CRC-32. An entry is on disk (fsync) when {@link
 * #append} returns. A last line that a crash cut short is dropped at opening; damage before it is
 * an error, because ids after it would be lost silently. Not thread-safe.
 */
final class Journal implements AutoCloseable {

  private static final int CRC_CHARS = 8;

  private final ObjectMapper json = new ObjectMapper();
  private final FileChannel channel;
  private final List<JsonNode> entries;

  private Journal(FileChannel channel, Path file) throws IOException {
    this.channel = channel;
    byte[] content = Files.readAllBytes(file);
    this.entries = new ArrayList<>();
    int end = read(content, file);
    channel.truncate(end);
    channel.position(end);
  }

  /** Opens or creates the file and takes its lock. */
  static Journal open(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (lock(channel) == null) {
        throw new IOException(file + " is in use by another registry");
      }
      return new Journal(channel, file);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** What was in the file when it was opened, oldest first. */
  List<JsonNode> entries() {
    return entries;
  }

  /** Writes an entry and waits for the disk. */
  void append(ObjectNode entry) throws IOException {
    String text = entry.toString();
    ByteBuffer line =
        ByteBuffer.wrap((crc(text) + " " + text + "\n").getBytes(StandardCharsets.UTF_8));
    long start = channel.position();
    try {
      while (line.hasRemaining()) {
        channel.write(line);
      }
      channel.force(false);
    } catch (IOException e) {
      // Half a line in the middle would make the file unreadable.
      channel.truncate(start);
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Returns the length of the whole lines. */
  private int read(byte[] content, Path file) throws IOException {
    int start = 0;
    for (int i = 0; i < content.length; i++) {
      if (content[i] == '\n') {
        String line = new String(content, start, i - start, StandardCharsets.UTF_8);
        JsonNode entry = parse(line);
        if (entry == null) {
          if (i == content.length - 1) {
            return start;
          }
          throw new IOException(file + " is damaged at byte " + start + ": restore it from a copy");
        }
        entries.add(entry);
        start = i + 1;
      }
    }
    return start;
  }

  private @Nullable JsonNode parse(String line) {
    if (line.length() <= CRC_CHARS) {
      return null;
    }
    String text = line.substring(CRC_CHARS + 1);
    if (!crc(text).equals(line.substring(0, CRC_CHARS))) {
      return null;
    }
    try {
      return json.readTree(text);
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this JVM.
      return null;
    }
  }

  private static String crc(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }
}
