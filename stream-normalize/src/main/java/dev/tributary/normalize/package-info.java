/** OTLP and Avro spans in; normalised spans and their content out. */
@NullMarked
package dev.tributary.normalize;

import org.jspecify.annotations.NullMarked;
