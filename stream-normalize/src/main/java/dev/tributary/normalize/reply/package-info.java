/**
 * Reads what a model provider answered: usage, model, finish reasons and service tier of a raw
 * reply, whatever its API. Pure: texts in, records out; no Kafka, no files, no clock.
 */
@NullMarked
package dev.tributary.normalize.reply;

import org.jspecify.annotations.NullMarked;
