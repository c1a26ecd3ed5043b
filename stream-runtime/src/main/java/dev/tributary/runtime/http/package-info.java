/** What every caller over HTTP needs, and Java's client leaves to it. */
@NullMarked
package dev.tributary.runtime.http;

import org.jspecify.annotations.NullMarked;
