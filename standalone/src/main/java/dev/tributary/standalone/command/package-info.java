/** The commands of the command-line tool: options and output; the work is done elsewhere. */
@NullMarked
package dev.tributary.standalone.command;

import org.jspecify.annotations.NullMarked;
