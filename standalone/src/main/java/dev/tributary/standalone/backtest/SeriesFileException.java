package dev.tributary.standalone.backtest;

import java.io.IOException;

/** A series or cell file that cannot be used; the message names file, line and what is wrong. */
public final class SeriesFileException extends IOException {
  private static final long serialVersionUID = 1L;

  public SeriesFileException(String message) {
    super(message);
  }
}
