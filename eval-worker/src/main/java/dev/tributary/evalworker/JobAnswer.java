package dev.tributary.evalworker;

import dev.tributary.schemas.EvalResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a job came to.
 *
 * @param results the job's own first
 * @param spans the judge's calls as an OTLP/JSON request; null: there were none
 * @param givenUp reason for the dead-letter topic; null: none
 * @param calls of judges
 */
record JobAnswer(
    List<EvalResult> results, @Nullable String spans, @Nullable String givenUp, int calls) {}
