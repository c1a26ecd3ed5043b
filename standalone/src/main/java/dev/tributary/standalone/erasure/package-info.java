/** Erasing what a person, a session or a trace said, wherever Tributary keeps it. */
@NullMarked
package dev.tributary.standalone.erasure;

import org.jspecify.annotations.NullMarked;
