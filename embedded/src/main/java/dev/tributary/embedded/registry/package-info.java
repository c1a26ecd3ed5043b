/**
 * A schema registry with Confluent's REST API in this process: Avro only, single process, journal
 * on disk. What standalone and the tests run on; production uses any registry with that API.
 */
@NullMarked
package dev.tributary.embedded.registry;

import org.jspecify.annotations.NullMarked;
