/** Cases for people: the queue out, their labels back. */
@NullMarked
package dev.tributary.standalone.humanreview;

import org.jspecify.annotations.NullMarked;
