/** LLM judges over an OpenAI-compatible API: calls, retries, votes, cascade, and their spans. */
@NullMarked
package dev.tributary.evalworker.judge;

import org.jspecify.annotations.NullMarked;
