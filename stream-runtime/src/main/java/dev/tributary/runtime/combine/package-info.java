/**
 * Combining records on the heap of a task before anything is repartitioned, exactly once. {@link
 * dev.tributary.runtime.combine.CombiningStore} is the one class of the product that uses Kafka's
 * internal types.
 */
@NullMarked
package dev.tributary.runtime.combine;

import org.jspecify.annotations.NullMarked;
