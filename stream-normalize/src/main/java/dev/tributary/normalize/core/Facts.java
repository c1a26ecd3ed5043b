package dev.tributary.normalize.core;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** The known attributes of one span by name, read through the coercion layer. */
final class Facts {
  private final @Nullable Object[] slots = new @Nullable Object[Attr.COUNT];
  private final Coercion coercion;

  /** Indexes the attributes once; of two with one name the first stands. */
  Facts(Attributes attributes, Coercion coercion) {
    this.coercion = coercion;
    for (int i = 0; i < attributes.size(); i++) {
      Attr attr = attributes.known(i);
      if (attr != null && slots[attr.index] == null) {
        slots[attr.index] = attributes.value(i);
      }
    }
  }

  Coercion coercion() {
    return coercion;
  }

  /** The value as it came; null: absent. */
  @Nullable Object raw(Attr attr) {
    return slots[attr.index];
  }

  boolean has(Attr attr) {
    return slots[attr.index] != null;
  }

  /** The value as text of any length; null: absent or empty. */
  @Nullable String text(Attr attr) {
    Object value = slots[attr.index];
    if (value == null) {
      return null;
    }
    String text = AttributeText.of(value);
    return text.isEmpty() ? null : text;
  }

  /** The first attribute present that holds a name, in the order of precedence; null: none. */
  @Nullable String identifier(Attr... precedence) {
    for (Attr attr : precedence) {
      Object value = slots[attr.index];
      if (value != null) {
        String name = coercion.identifier(attr.attribute, value);
        if (name != null) {
          return name;
        }
      }
    }
    return null;
  }

  /** The first attribute present that holds a whole number; null: none. */
  @Nullable Long number(Attr... precedence) {
    for (Attr attr : precedence) {
      Object value = slots[attr.index];
      if (value != null) {
        Long number = coercion.wholeNumber(attr.attribute, value);
        if (number != null) {
          return number;
        }
      }
    }
    return null;
  }

  /** The value as a decimal; null: absent or not one. */
  @Nullable BigDecimal decimal(Attr attr) {
    return coercion.decimal(attr.attribute, slots[attr.index]);
  }

  /** The value as a truth value; null: absent or not one. */
  @Nullable Boolean truth(Attr attr) {
    return coercion.truth(attr.attribute, slots[attr.index]);
  }
}
