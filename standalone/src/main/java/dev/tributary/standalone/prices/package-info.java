/** Price lists on the command line: taken over through gates, compared, looked up. */
@NullMarked
package dev.tributary.standalone.prices;

import org.jspecify.annotations.NullMarked;
