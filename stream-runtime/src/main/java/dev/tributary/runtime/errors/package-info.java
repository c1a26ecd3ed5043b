/**
 * The four routes of an error: undecodable to the dead-letter topic, refused to the rejected topic,
 * transient retried and then stopped, everything else stopped at once.
 */
@NullMarked
package dev.tributary.runtime.errors;

import org.jspecify.annotations.NullMarked;
