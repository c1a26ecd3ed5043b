package dev.tributary.standalone.command;

import picocli.CommandLine.Option;

/** The period of event time that a command is about; both ends have to be stated. */
class PeriodOptions {
  @Option(
      names = "--from",
      paramLabel = "T",
      required = true,
      converter = TimeOption.class,
      description = "Begin of the period: 2026-03-01 (UTC) or 2026-03-01T10:00:00Z.")
  private long fromUs;

  @Option(
      names = "--to",
      paramLabel = "T",
      required = true,
      converter = TimeOption.class,
      description = "End of the period, exclusive.")
  private long untilUs;

  /** Microseconds since the epoch. */
  final long fromUs() {
    return fromUs;
  }

  /** Microseconds since the epoch, exclusive. */
  final long untilUs() {
    return untilUs;
  }
}
