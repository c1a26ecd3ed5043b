/**
 * From findings to what people read: episodes of one cause put under the one that says most, its
 * explanation from cells, its owner, its sentence. Pure: no Kafka, no clock.
 */
@NullMarked
package dev.tributary.anomaly.core.group;

import org.jspecify.annotations.NullMarked;
