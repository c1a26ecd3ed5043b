/** What calls cost, offline: lines of usage or of raw replies in, lines of exact prices out. */
@NullMarked
package dev.tributary.standalone.price;

import org.jspecify.annotations.NullMarked;
