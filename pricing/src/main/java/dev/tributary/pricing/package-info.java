/** Price catalogue and exact calculator: a pure library, no Kafka, no I/O. */
@NullMarked
package dev.tributary.pricing;

import org.jspecify.annotations.NullMarked;
