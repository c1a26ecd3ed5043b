package dev.tributary.standalone.command;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a number of things, of which there is at least one. */
final class PositiveOption implements ITypeConverter<Integer> {
  @Override
  public Integer convert(String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The same answer as to a number that is out of range.
    }
    throw new TypeConversionException("\"" + text + "\": allowed: 1 to " + Integer.MAX_VALUE);
  }
}
