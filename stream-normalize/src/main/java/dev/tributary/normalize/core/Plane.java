package dev.tributary.normalize.core;

/** Where the value of an attribute goes. */
enum Plane {
  /** A field of the span says all of it. */
  FACT,
  /** A count: into the usage buckets and the raw usage. */
  USAGE,
  /** A person's id: onto the span as a pseudonym, nowhere else. */
  PERSON,
  /** Read for the span, and kept as content because it says more. */
  KEPT,
  /** Text: content only. */
  CONTENT
}
