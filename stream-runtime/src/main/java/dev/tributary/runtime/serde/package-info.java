/**
 * Avro in the Confluent wire format (byte 0, schema id as big-endian int32, Avro binary) without
 * Confluent's library: {@code TopicSerdes} gives the serde of every topic of the catalogue, {@code
 * SchemaRegistryClient} speaks the part of Confluent's registry API that this needs. The only place
 * that tells Avro which classes it may create.
 */
@NullMarked
package dev.tributary.runtime.serde;

import org.jspecify.annotations.NullMarked;
