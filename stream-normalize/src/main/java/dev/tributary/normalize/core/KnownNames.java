package dev.tributary.normalize.core;

import java.util.ArrayList;
import java.util.List;

/** The attribute names that dialects know, for parsers that keep one string of each. */
public final class KnownNames {
  private KnownNames() {}

  /** All of them, in no order that means anything. */
  public static List<String> all() {
    List<String> names = new ArrayList<>(Attr.COUNT);
    for (Attr attr : Attr.values()) {
      names.add(attr.attribute);
    }
    return names;
  }
}
