/** A week in Markdown: what was dear, slow or broken, and what could have been saved. */
@NullMarked
package dev.tributary.standalone.review;

import org.jspecify.annotations.NullMarked;
