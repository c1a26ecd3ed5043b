package dev.tributary.evalworker;

import dev.tributary.runtime.errors.DeadLetters;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.EvalResult;
import java.time.Clock;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * What a loop works with.
 *
 * @param topic of jobs
 * @param resultsTopic where answers go
 * @param spansTopic where the judge's calls go
 * @param isClaimed whether a batch is claimed before it is worked: evaluators have effects outside
 * @param contentWaitUs how long after its dispatch a job waits for content
 */
record LoopSetup(
    String topic,
    String resultsTopic,
    String spansTopic,
    boolean isClaimed,
    long contentWaitUs,
    Deserializer<EvalJob> jobs,
    Serializer<EvalResult> results,
    JobRunner runner,
    ContentSource content,
    DeadLetters letters,
    WorkerMetrics metrics,
    WorkerMetrics.Route route,
    FaultPoints faults,
    Clock clock) {}
