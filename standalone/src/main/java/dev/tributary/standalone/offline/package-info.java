/** What Tributary makes of recorded payloads, without any service. */
@NullMarked
package dev.tributary.standalone.offline;

import org.jspecify.annotations.NullMarked;
