/**
 * One Kafka 4.3 broker (KRaft, combined role) inside this process or a child process. Kafka's
 * server classes are internal to Kafka, so exactly one class of the project touches them: {@code
 * EmbeddedBroker}.
 */
@NullMarked
package dev.tributary.embedded.kafka;

import org.jspecify.annotations.NullMarked;
