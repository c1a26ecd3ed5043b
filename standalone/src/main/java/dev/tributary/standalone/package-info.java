/** Everything in one command, and the command-line tool. */
@NullMarked
package dev.tributary.standalone;

import org.jspecify.annotations.NullMarked;
