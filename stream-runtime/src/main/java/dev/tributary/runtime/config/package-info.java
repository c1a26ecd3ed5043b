/**
 * Configuration: typed settings, resolved once from a file, the environment and {@code -D}. The
 * only place that reads the process environment. A key nobody knows is an error.
 */
@NullMarked
package dev.tributary.runtime.config;

import org.jspecify.annotations.NullMarked;
