package dev.tributary.standalone.replay;

import java.nio.file.Path;

/** A trace file that cannot be read, with file and line. */
public final class TraceFileException extends Exception {
  private static final long serialVersionUID = 1L;

  TraceFileException(Path file, long line, String what) {
    super(file + ", line " + line + ": " + what);
  }
}
