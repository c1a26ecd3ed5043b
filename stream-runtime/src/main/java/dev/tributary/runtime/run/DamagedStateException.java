package dev.tributary.runtime.run;

/**
 * An application found its local state damaged as it started, and deleted it. It is a copy of what
 * its changelogs have: the next start restores it.
 */
public final class DamagedStateException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  DamagedStateException(String message, Throwable cause) {
    super(message, cause);
  }
}
