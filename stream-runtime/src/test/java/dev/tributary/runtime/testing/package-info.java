/** The test kit that every module uses: fixtures, generators, checks, child processes. */
@NullMarked
package dev.tributary.runtime.testing;

import org.jspecify.annotations.NullMarked;
