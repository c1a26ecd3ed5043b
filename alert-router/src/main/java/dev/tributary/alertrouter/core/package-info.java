/**
 * Who is told what, when, and in which form: pure. Time, randomness and answers are arguments.
 * Sending is done outside.
 */
@NullMarked
package dev.tributary.alertrouter.core;

import org.jspecify.annotations.NullMarked;
