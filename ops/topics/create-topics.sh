#!/usr/bin/env bash
# Creates every topic; safe to run again. Generated from the topic catalogue
# (mvn -pl schemas verify -Dtributary.golden.update=true); do not edit.
#   BOOTSTRAP=kafka:9092 [PREFIX=staging.] [REPLICATION=3] [COMMAND_CONFIG=admin.properties]
#   create-topics.sh
set -euo pipefail
: "${BOOTSTRAP:?address of a broker, host:port}"
REPLICATION="${REPLICATION:-3}"
create() { # name partitions config...
  local name="${PREFIX:-}$1" partitions="$2"; shift 2
  # A majority acknowledges; Kafka's own default is one replica.
  if [ "$REPLICATION" -ge 3 ]; then set -- "$@" "min.insync.replicas=$((REPLICATION / 2 + 1))"; fi
  kafka-topics.sh --bootstrap-server "$BOOTSTRAP" ${COMMAND_CONFIG:+--command-config "$COMMAND_CONFIG"} \
    --create --if-not-exists \
    --topic "$name" --partitions "$partitions" \
    --replication-factor "$REPLICATION" "${@/#/--config=}"
}
create otlp_spans 12 cleanup.policy=delete retention.ms=259200000 message.timestamp.after.max.ms=9223372036854775807
create otlp_logs 12 cleanup.policy=delete retention.ms=259200000 message.timestamp.after.max.ms=9223372036854775807
create otlp_metrics 12 cleanup.policy=delete retention.ms=259200000 message.timestamp.after.max.ms=9223372036854775807
create llm.spans.in.v1 12 cleanup.policy=delete retention.ms=259200000 message.timestamp.after.max.ms=9223372036854775807
create llm.spans.v1 12 cleanup.policy=delete retention.ms=604800000 message.timestamp.after.max.ms=9223372036854775807
create llm.span-content.v1 12 cleanup.policy=delete retention.ms=259200000 message.timestamp.after.max.ms=9223372036854775807
create llm.ref.v1 1 cleanup.policy=compact message.timestamp.after.max.ms=9223372036854775807
create llm.corrections.v1 12 cleanup.policy=delete retention.ms=34560000000 message.timestamp.after.max.ms=9223372036854775807
create llm.ledger.v1 12 cleanup.policy=delete retention.ms=34560000000 message.timestamp.after.max.ms=9223372036854775807
create llm.traces.v1 12 cleanup.policy=delete retention.ms=3024000000 message.timestamp.after.max.ms=9223372036854775807
create llm.sessions.v1 12 cleanup.policy=delete retention.ms=3024000000 message.timestamp.after.max.ms=9223372036854775807
create llm.windows.v1 12 cleanup.policy=delete retention.ms=3024000000 message.timestamp.after.max.ms=9223372036854775807
create llm.scores.v1 12 cleanup.policy=delete retention.ms=34560000000 message.timestamp.after.max.ms=9223372036854775807
create llm.gauges.v1 12 cleanup.policy=delete retention.ms=604800000 message.timestamp.after.max.ms=9223372036854775807
create llm.eval.jobs.fast.v1 12 cleanup.policy=delete retention.ms=604800000 message.timestamp.after.max.ms=9223372036854775807
create llm.eval.jobs.judge.v1 12 cleanup.policy=delete retention.ms=604800000 message.timestamp.after.max.ms=9223372036854775807
create llm.eval.jobs.human.v1 12 cleanup.policy=delete retention.ms=604800000 message.timestamp.after.max.ms=9223372036854775807
create llm.eval.results.v1 12 cleanup.policy=delete retention.ms=3024000000 message.timestamp.after.max.ms=9223372036854775807
create llm.eval.rates.v1 1 cleanup.policy=compact message.timestamp.after.max.ms=9223372036854775807
create llm.anomalies.v1 12 cleanup.policy=delete retention.ms=3024000000 message.timestamp.after.max.ms=9223372036854775807
create llm.alerts.v1 12 cleanup.policy=delete retention.ms=3024000000 message.timestamp.after.max.ms=9223372036854775807
create llm.alert-deliveries.v1 12 cleanup.policy=delete retention.ms=3024000000 message.timestamp.after.max.ms=9223372036854775807
create llm.events.v1 12 cleanup.policy=delete retention.ms=3024000000 message.timestamp.after.max.ms=9223372036854775807
create llm.signals.v1 12 cleanup.policy=compact message.timestamp.after.max.ms=9223372036854775807
create llm.rejected.v1 12 cleanup.policy=delete retention.ms=3024000000 message.timestamp.after.max.ms=9223372036854775807
create llm.dlq 12 cleanup.policy=delete retention.ms=259200000 message.timestamp.after.max.ms=9223372036854775807
