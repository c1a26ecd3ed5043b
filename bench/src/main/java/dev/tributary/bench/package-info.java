/** Throughput, latency and fault runs; a raw copy first. */
@NullMarked
package dev.tributary.bench;

import org.jspecify.annotations.NullMarked;
