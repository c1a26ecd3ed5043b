/**
 * Reference data in a topology: rows of {@code llm.ref} in a global store, put in force by their
 * manifest, and the reading of their payloads with source, line and field in every message.
 */
@NullMarked
package dev.tributary.runtime.reference;

import org.jspecify.annotations.NullMarked;
