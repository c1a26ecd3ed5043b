package dev.tributary.standalone.reconcile;

/** A bill or a log of calls that cannot be read, with where and why, in one line. */
public final class BillException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BillException(String message) {
    super(message);
  }
}
