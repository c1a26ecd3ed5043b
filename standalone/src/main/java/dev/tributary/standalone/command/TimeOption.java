package dev.tributary.standalone.command;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a date (its first moment in UTC) or a time with its offset, as microseconds. */
final class TimeOption implements ITypeConverter<Long> {
  @Override
  public Long convert(String text) {
    try {
      Instant time =
          text.contains("T")
              ? OffsetDateTime.parse(text).toInstant()
              : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    } catch (DateTimeException e) {
      throw new TypeConversionException(
          "\"" + text + "\": a date as 2026-03-01 or a time as 2026-03-01T10:00:00Z");
    }
  }
}
