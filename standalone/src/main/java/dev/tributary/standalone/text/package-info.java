/** Text for a terminal. */
@NullMarked
package dev.tributary.standalone.text;

import org.jspecify.annotations.NullMarked;
