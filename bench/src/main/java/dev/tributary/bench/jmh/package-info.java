/** Micro-benchmarks of pure code. */
@NullMarked
package dev.tributary.bench.jmh;

import org.jspecify.annotations.NullMarked;
