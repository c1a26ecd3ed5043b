package dev.tributary.standalone;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/**
 * Passes output on, and knows whether it failed because nobody reads it any more: printers in front
 * of it only know that it failed.
 */
final class ReaderWatch extends FilterOutputStream {
  private volatile boolean hasLeft;

  ReaderWatch(OutputStream to) {
    super(to);
  }

  /** Whether a pipe was found closed. */
  boolean hasLeft() {
    return hasLeft;
  }

  @Override
  public void write(int octet) throws IOException {
    try {
      out.write(octet);
    } catch (IOException e) {
      throw noted(e);
    }
  }

  @Override
  public void write(byte[] octets, int from, int length) throws IOException {
    try {
      out.write(octets, from, length);
    } catch (IOException e) {
      throw noted(e);
    }
  }

  /** There is no type for it, only the system's words: the launcher asks for English ones. */
  private IOException noted(IOException failure) {
    String message = failure.getMessage();
    if (message != null && message.toLowerCase(Locale.ROOT).contains("pipe")) {
      hasLeft = true;
    }
    return failure;
  }
}
