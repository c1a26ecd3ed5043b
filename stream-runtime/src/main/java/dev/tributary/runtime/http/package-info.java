/** What servers and callers over HTTP need, and the ones of Java leave to them. */
@NullMarked
package dev.tributary.runtime.http;

import org.jspecify.annotations.NullMarked;
