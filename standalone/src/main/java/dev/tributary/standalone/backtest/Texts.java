package dev.tributary.standalone.backtest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Many short texts, read again in the order they were added; two bytes each beside their own. */
final class Texts {
  private static final int BLOCK = 1 << 20;
  private static final int LENGTH_BYTES = 2;

  /** Longer ones are cut: nothing that long is a timestamp or a value. */
  static final int LONGEST = 10_000;

  private final List<byte[]> blocks = new ArrayList<>();
  private int used = BLOCK;

  /** Adds a text. */
  void add(String text) {
    String kept = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    byte[] bytes = kept.getBytes(StandardCharsets.UTF_8);
    if (used + LENGTH_BYTES + bytes.length > BLOCK) {
      end();
      blocks.add(new byte[BLOCK]);
      used = 0;
    }
    byte[] block = blocks.get(blocks.size() - 1);
    block[used] = (byte) ((bytes.length + 1) >> 8);
    block[used + 1] = (byte) (bytes.length + 1);
    System.arraycopy(bytes, 0, block, used + LENGTH_BYTES, bytes.length);
    used += LENGTH_BYTES + bytes.length;
  }

  /**
   * A length of 0, which no text has, where there is room for one: the next is in the next block.
   */
  private void end() {
    if (!blocks.isEmpty() && used + LENGTH_BYTES <= BLOCK) {
      byte[] block = blocks.get(blocks.size() - 1);
      block[used] = 0;
      block[used + 1] = 0;
    }
  }

  /** From the first on. */
  Reader reader() {
    return new Reader();
  }

  /** Gives the texts one after the other. */
  final class Reader {
    private int block;
    private int at;

    private Reader() {}

    /** The next text; there must be one. */
    String next() {
      int length = length();
      if (length == 0) {
        block++;
        at = 0;
        length = length();
      }
      int bytes = length - 1;
      String text = new String(blocks.get(block), at + LENGTH_BYTES, bytes, StandardCharsets.UTF_8);
      at += LENGTH_BYTES + bytes;
      return text;
    }

    private int length() {
      if (at + LENGTH_BYTES > BLOCK) {
        return 0;
      }
      byte[] bytes = blocks.get(block);
      return Byte.toUnsignedInt(bytes[at]) << 8 | Byte.toUnsignedInt(bytes[at + 1]);
    }
  }
}
