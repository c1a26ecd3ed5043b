package dev.tributary.standalone.lint;

import java.util.List;

/**
 * Something to fix or to know.
 *
 * @param code stable name
 * @param what in a few words, with the numbers
 * @param affected spans or calls it holds for
 * @param of spans or calls it could hold for
 * @param points what it costs of the score, of 100
 * @param why what is lost while it stays
 * @param remedies how to fix it; empty where there is nothing to fix
 */
record LintFinding(
    Severity severity,
    String code,
    String what,
    long affected,
    long of,
    double points,
    String why,
    List<Remedy> remedies) {

  /** How bad it is. */
  enum Severity {
    /** Money is unknown, wrong, or nobody's. */
    ERROR,
    /** Something that people look at is missing or doubtful. */
    WARNING,
    /** Good to know. */
    NOTE
  }
}
