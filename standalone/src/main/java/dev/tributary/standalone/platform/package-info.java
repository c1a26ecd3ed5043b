/** One instance of everything: broker, registry, ClickHouse, receiver and all applications. */
@NullMarked
package dev.tributary.standalone.platform;

import org.jspecify.annotations.NullMarked;
