/** Real request traces and recorded OTLP bodies, sent to a running instance as OTLP over HTTP. */
@NullMarked
package dev.tributary.standalone.replay;

import org.jspecify.annotations.NullMarked;
