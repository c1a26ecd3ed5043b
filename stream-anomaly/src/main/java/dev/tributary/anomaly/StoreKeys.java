package dev.tributary.anomaly;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;

/** Keys of stores whose order matters: times first, as big-endian numbers. */
final class StoreKeys {
  /** Between texts; sorts before everything that a name holds. */
  private static final char BETWEEN = '\0';

  private StoreKeys() {}

  /** A time, a text and a short tail of a number. */
  static Bytes of(long timeUs, String text, int tail) {
    byte[] bytes = utf8(text);
    return Bytes.wrap(
        ByteBuffer.allocate(Long.BYTES + bytes.length + Integer.BYTES)
            .putLong(timeUs)
            .put(bytes)
            .putInt(tail)
            .array());
  }

  static Bytes of(long timeUs) {
    return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(timeUs).array());
  }

  static Bytes of(long timeUs, String text) {
    byte[] bytes = utf8(text);
    return Bytes.wrap(
        ByteBuffer.allocate(Long.BYTES + bytes.length).putLong(timeUs).put(bytes).array());
  }

  static Bytes of(String text) {
    return Bytes.wrap(utf8(text));
  }

  /** Texts, then a time, then a text. */
  static Bytes of(String first, String second, long timeUs, String last) {
    byte[] head = utf8(first + BETWEEN + second + BETWEEN);
    byte[] tail = utf8(last);
    return Bytes.wrap(
        ByteBuffer.allocate(head.length + Long.BYTES + tail.length)
            .put(head)
            .putLong(timeUs)
            .put(tail)
            .array());
  }

  /** Texts with nothing in them that separates them otherwise. */
  static Bytes of(String first, String second, String third, String fourth) {
    return of(first + BETWEEN + second + BETWEEN + third + BETWEEN + fourth);
  }

  /** The first key after all that begin with these texts. */
  static Bytes after(String... texts) {
    return of(String.join(String.valueOf(BETWEEN), texts) + '\1');
  }

  /** The first key of all that begin with these texts. */
  static Bytes from(String... texts) {
    return of(String.join(String.valueOf(BETWEEN), texts) + BETWEEN);
  }

  static long time(Bytes key) {
    return ByteBuffer.wrap(key.get()).getLong();
  }

  /** The text of a key of time, text and tail. */
  static String textBeforeTail(Bytes key) {
    byte[] bytes = key.get();
    return new String(
        bytes, Long.BYTES, bytes.length - Long.BYTES - Integer.BYTES, StandardCharsets.UTF_8);
  }

  /** The text after the time. */
  static String textAfterTime(Bytes key) {
    byte[] bytes = key.get();
    return new String(bytes, Long.BYTES, bytes.length - Long.BYTES, StandardCharsets.UTF_8);
  }

  /** The text of a key that is one text. */
  static String text(Bytes key) {
    return new String(key.get(), StandardCharsets.UTF_8);
  }

  /** The second of the texts that a key begins with. */
  static String second(Bytes key) {
    return texts(key)[1];
  }

  /** All texts of a key that is made of texts alone. */
  static String[] texts(Bytes key) {
    return new String(key.get(), StandardCharsets.UTF_8).split(String.valueOf(BETWEEN), -1);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
