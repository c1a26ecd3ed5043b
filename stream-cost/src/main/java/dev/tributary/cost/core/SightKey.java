package dev.tributary.cost.core;

/**
 * A version that calls were made with.
 *
 * @param subject whose: the service of a deploy, the requested model of a returned one; empty: the
 *     feature's
 */
record SightKey(Kind kind, String subject, String value) implements Comparable<SightKey> {
  /** What versions are of; the order is that of their numbers in stored bytes. */
  enum Kind {
    DEPLOY("deploy"),
    RETRIEVAL_VERSION("retrieval_version"),
    RETURNED_MODEL("returned_model");

    private static final Kind[] ALL = values();

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** Its name in records. */
    String label() {
      return label;
    }

    @SuppressWarnings("EnumOrdinal") // part of the format, whose version says which kinds there are
    int number() {
      return ordinal();
    }

    static Kind ofNumber(int number) {
      if (number < 0 || number >= ALL.length) {
        throw new IllegalArgumentException("kind of version: " + number);
      }
      return ALL[number];
    }
  }

  @Override
  public int compareTo(SightKey other) {
    int order = kind.compareTo(other.kind);
    if (order == 0) {
      order = subject.compareTo(other.subject);
    }
    return order == 0 ? value.compareTo(other.value) : order;
  }
}
