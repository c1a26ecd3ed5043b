/** Avro records, the typed topic catalogue and the names of telemetry attributes. */
@NullMarked
package dev.tributary.schemas;

import org.jspecify.annotations.NullMarked;
