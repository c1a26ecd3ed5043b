package dev.tributary.standalone.lint;

/** How many cases there were, and how many of them were as they should be. */
final class Count {
  private long of;
  private long ok;

  void add(boolean isOk) {
    of++;
    if (isOk) {
      ok++;
    }
  }

  void add(Count other) {
    of += other.of;
    ok += other.ok;
  }

  /** Adds cases that were not as they should be. */
  void addFailed(long cases) {
    of += cases;
  }

  long of() {
    return of;
  }

  long ok() {
    return ok;
  }

  long failed() {
    return of - ok;
  }

  /** True where at least this share of the cases failed. */
  boolean hasFailed(double share) {
    return of > 0 && failed() >= share * of;
  }
}
