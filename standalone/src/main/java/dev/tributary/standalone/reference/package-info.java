/**
 * Publishes reference data: whole dated timelines first, then the manifest that makes them visible.
 */
@NullMarked
package dev.tributary.standalone.reference;

import org.jspecify.annotations.NullMarked;
