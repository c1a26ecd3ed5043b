/** The application as a whole, without a broker. */
@NullMarked
package dev.tributary.anomaly;

import org.jspecify.annotations.NullMarked;
