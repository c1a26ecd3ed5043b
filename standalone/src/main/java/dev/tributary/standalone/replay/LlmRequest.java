package dev.tributary.standalone.replay;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One request of a public trace.
 *
 * @param at when it arrived
 * @param inputTokens prompt tokens, cached ones included
 * @param outputTokens generated tokens
 * @param cacheReadTokens prompt tokens a prefix cache would have served; null: the trace does not
 *     say
 */
record LlmRequest(
    Instant at, long inputTokens, long outputTokens, @Nullable Long cacheReadTokens) {}
