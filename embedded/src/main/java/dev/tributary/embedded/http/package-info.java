/** What the embedded HTTP servers have in common. */
@NullMarked
package dev.tributary.embedded.http;

import org.jspecify.annotations.NullMarked;
