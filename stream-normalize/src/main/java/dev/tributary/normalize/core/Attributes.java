package dev.tributary.normalize.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Attributes of a span, resource or event in the payload's order. A value is a {@code String},
 * {@code Long}, {@code Double}, {@code Boolean}, {@code byte[]}, a {@code List} of values or a
 * {@code Map} from name to value; an attribute without a value is left out. Immutable after {@link
 * Builder#build}.
 */
public final class Attributes {
  /** No attributes. */
  public static final Attributes NONE =
      new Attributes(new String[0], new Object[0], new Attr[0], 0);

  private final String[] names;
  private final Object[] values;
  private final @Nullable Attr[] known;
  private final int size;

  private Attributes(String[] names, Object[] values, @Nullable Attr[] known, int size) {
    this.names = names;
    this.values = values;
    this.known = known;
    this.size = size;
  }

  public int size() {
    return size;
  }

  public String name(int index) {
    return names[index];
  }

  public Object value(int index) {
    return values[index];
  }

  /** What dialects mean by the attribute; null: none knows it. */
  @Nullable Attr known(int index) {
    return known[index];
  }

  /** The first value under a name; null: not there. Linear: for a few look-ups only. */
  public @Nullable Object find(String name) {
    for (int i = 0; i < size; i++) {
      if (names[i].equals(name)) {
        return values[i];
      }
    }
    return null;
  }

  /** Collects attributes. */
  public static final class Builder {
    private String[] names = new String[24];
    private Object[] values = new Object[24];
    private @Nullable Attr[] known = new @Nullable Attr[24];
    private int size;

    /** Adds an attribute; null values are left out. */
    public Builder add(String name, @Nullable Object value) {
      if (value == null) {
        return this;
      }
      if (size == names.length) {
        names = Arrays.copyOf(names, size * 2);
        values = Arrays.copyOf(values, size * 2);
        known = Arrays.copyOf(known, size * 2);
      }
      names[size] = name;
      known[size] = Attr.of(name);
      values[size++] = value;
      return this;
    }

    /** The attributes so far; the builder must not be used afterwards. */
    public Attributes build() {
      return size == 0 ? NONE : new Attributes(names, values, known, size);
    }
  }
}
