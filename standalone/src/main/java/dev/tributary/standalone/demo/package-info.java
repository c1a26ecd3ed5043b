/**
 * A simulated company that sends OTLP, and its own books. It computes expected results with integer
 * arithmetic and a price table of its own, and imports nothing of pricing or of the streams, so
 * that it can contradict them.
 */
@NullMarked
package dev.tributary.standalone.demo;

import org.jspecify.annotations.NullMarked;
