package dev.tributary.normalize.core;

/** Takes notice of what normalising met beside its result; for counters. Must not throw. */
@FunctionalInterface
public interface Findings {
  /** Takes no notice. */
  Findings IGNORED = (finding, subject) -> {};

  /** What was met. */
  enum Finding {
    /** A known attribute held a value that is not what its name promises; subject: attribute. */
    COERCION_FAILED,
    /** The span's kind is spelled by no dialect; subject: attribute that held the word. */
    UNKNOWN_KIND,
    /** The provider is on no list and stays raw; subject: attribute that held it. */
    UNKNOWN_PROVIDER,
    /** No dialect recognised the span; subject: empty. */
    UNKNOWN_DIALECT,
    /** Content was cut to its limits; subject: empty. */
    CONTENT_TRUNCATED,
    /** Content of an erased trace, session or person was not kept; subject: {@code content}. */
    CONTENT_ERASED,
    /** A user id was left out because no secret is configured to make it a pseudonym. */
    USER_WITHOUT_SECRET,
    /**
     * Personal data or a credential was taken out of a span's texts or names; subject: its kind.
     */
    REDACTED,
    /** An inconsistent usage was refused; subject: its code. */
    USAGE_REFUSED
  }

  /**
   * Notes a finding.
   *
   * @param subject a name from a closed list: never a value of the payload
   */
  void note(Finding finding, String subject);
}
