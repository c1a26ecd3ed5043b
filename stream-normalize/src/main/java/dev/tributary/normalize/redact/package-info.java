/**
 * Takes secrets and personal data out of texts, in time linear in their length whatever they hold.
 * Pure: no Kafka, no files, no clock.
 */
@NullMarked
package dev.tributary.normalize.redact;

import org.jspecify.annotations.NullMarked;
