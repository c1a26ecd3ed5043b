/** What tests of several packages of the tool share. */
@NullMarked
package dev.tributary.standalone.testing;

import org.jspecify.annotations.NullMarked;
