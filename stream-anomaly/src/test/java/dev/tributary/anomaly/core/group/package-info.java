/** Owners and groups. */
@NullMarked
package dev.tributary.anomaly.core.group;

import org.jspecify.annotations.NullMarked;
