package dev.tributary.attribution;

import dev.tributary.schemas.Signal;
import org.jspecify.annotations.Nullable;

/**
 * A signal on its way out.
 *
 * @param signal null: the key is forgotten
 */
record SignalChange(@Nullable Signal signal) {}
