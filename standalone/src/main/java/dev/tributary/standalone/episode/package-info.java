/** Episodes and alerts of a running instance, as its ClickHouse has them. */
@NullMarked
package dev.tributary.standalone.episode;

import org.jspecify.annotations.NullMarked;
