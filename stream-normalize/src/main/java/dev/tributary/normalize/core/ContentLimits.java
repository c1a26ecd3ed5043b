package dev.tributary.normalize.core;

/**
 * Bounds of what is kept of a span's text.
 *
 * @param maxBytes all text of a span together, bytes of UTF-8
 * @param maxValueBytes one value, bytes of UTF-8
 * @param maxAttributes other attributes kept by name
 * @param maxEvents events kept
 */
public record ContentLimits(int maxBytes, int maxValueBytes, int maxAttributes, int maxEvents) {
  /** Fits a record of at most one mebibyte, which is what brokers and producers take unasked. */
  public static final ContentLimits DEFAULTS = new ContentLimits(768 * 1024, 256 * 1024, 256, 128);
}
