#!/usr/bin/env bash
# Lets every process read and write what it needs and nothing else; safe to run again.
# Generated from the topologies (mvn verify -Dtributary.golden.update=true); do not edit.
#   BOOTSTRAP=kafka:9092 [PREFIX=staging.] [APPLICATIONS=tributary] [COMMAND_CONFIG=admin.properties]
#   create-acls.sh
# Principals are User:$APPLICATIONS-normalize and so on. Who writes llm.spans.in and reads from
# outside is for you to say.
set -euo pipefail
: "${BOOTSTRAP:?address of a broker, host:port}"
allow() { # principal operations and resources...
  kafka-acls.sh --bootstrap-server "$BOOTSTRAP" ${COMMAND_CONFIG:+--command-config "$COMMAND_CONFIG"} \
    --add --force --allow-principal "User:${APPLICATIONS:-tributary}-$1" "${@:2}"
}
topics() { # operation principal topics...
  local operation="$1" principal="$2" topic options=()
  shift 2
  for topic in "$@"; do options+=(--topic "${PREFIX:-}$topic"); done
  allow "$principal" --operation "$operation" "${options[@]}"
}
streams() { # application: its group, its transactions, its changelogs and repartition topics
  local id="${APPLICATIONS:-tributary}-$1"
  allow "$1" --operation Read --group "$id"
  allow "$1" --operation Write --operation Describe --transactional-id "$id-" --resource-pattern-type prefixed
  allow "$1" --operation All --topic "$id-" --resource-pattern-type prefixed
}

streams anomaly
topics Read anomaly \
  llm.events.v1 \
  llm.ref.v1 \
  llm.signals.v1 \
  llm.windows.v1
topics Write anomaly \
  llm.alerts.v1 \
  llm.anomalies.v1 \
  llm.dlq \
  llm.events.v1 \
  llm.signals.v1
topics Describe anomaly \
  llm.corrections.v1 \
  llm.eval.jobs.fast.v1 \
  llm.eval.jobs.human.v1 \
  llm.eval.jobs.judge.v1 \
  llm.eval.results.v1 \
  llm.ledger.v1 \
  llm.scores.v1 \
  llm.span-content.v1 \
  llm.spans.v1 \
  llm.traces.v1

streams attribution
topics Read attribution \
  llm.corrections.v1 \
  llm.ref.v1 \
  llm.spans.v1
topics Write attribution \
  llm.dlq \
  llm.ledger.v1 \
  llm.rejected.v1 \
  llm.sessions.v1 \
  llm.signals.v1 \
  llm.traces.v1
topics Describe attribution \
  llm.eval.jobs.fast.v1 \
  llm.eval.jobs.human.v1 \
  llm.eval.jobs.judge.v1 \
  llm.eval.results.v1 \
  llm.scores.v1 \
  llm.span-content.v1

streams cost
topics Read cost \
  llm.ledger.v1 \
  llm.ref.v1 \
  llm.scores.v1
topics Write cost \
  llm.dlq \
  llm.events.v1 \
  llm.signals.v1 \
  llm.windows.v1
topics Describe cost \
  llm.corrections.v1 \
  llm.eval.jobs.fast.v1 \
  llm.eval.jobs.human.v1 \
  llm.eval.jobs.judge.v1 \
  llm.eval.results.v1 \
  llm.span-content.v1 \
  llm.spans.v1 \
  llm.traces.v1

streams eval-dispatch
topics Read eval-dispatch \
  llm.anomalies.v1 \
  llm.eval.jobs.fast.v1 \
  llm.eval.jobs.human.v1 \
  llm.eval.jobs.judge.v1 \
  llm.eval.results.v1 \
  llm.ref.v1 \
  llm.traces.v1
topics Write eval-dispatch \
  llm.dlq \
  llm.eval.jobs.fast.v1 \
  llm.eval.jobs.human.v1 \
  llm.eval.jobs.judge.v1 \
  llm.eval.rates.v1 \
  llm.events.v1 \
  llm.rejected.v1 \
  llm.scores.v1 \
  llm.signals.v1
topics Describe eval-dispatch \
  llm.corrections.v1 \
  llm.ledger.v1 \
  llm.span-content.v1 \
  llm.spans.v1

streams normalize
topics Read normalize \
  llm.ref.v1 \
  llm.spans.in.v1 \
  otlp_logs \
  otlp_metrics \
  otlp_spans
topics Write normalize \
  llm.dlq \
  llm.eval.results.v1 \
  llm.events.v1 \
  llm.gauges.v1 \
  llm.rejected.v1 \
  llm.span-content.v1 \
  llm.spans.v1
topics Describe normalize \
  llm.corrections.v1 \
  llm.eval.jobs.fast.v1 \
  llm.eval.jobs.human.v1 \
  llm.eval.jobs.judge.v1 \
  llm.ledger.v1 \
  llm.scores.v1 \
  llm.traces.v1

allow sink-clickhouse --operation Read --group tributary-sink-clickhouse
topics Read sink-clickhouse \
  llm.alert-deliveries.v1 \
  llm.alerts.v1 \
  llm.anomalies.v1 \
  llm.events.v1 \
  llm.gauges.v1 \
  llm.ledger.v1 \
  llm.rejected.v1 \
  llm.scores.v1 \
  llm.sessions.v1 \
  llm.span-content.v1 \
  llm.spans.v1 \
  llm.traces.v1 \
  llm.windows.v1
topics Write sink-clickhouse \
  llm.dlq

allow alert-router --operation Read --group tributary-alert-router
topics Read alert-router \
  llm.alert-deliveries.v1 \
  llm.alerts.v1 \
  llm.ref.v1
topics Write alert-router \
  llm.alert-deliveries.v1 \
  llm.dlq

allow eval-worker --operation Read --group tributary-eval-worker- --resource-pattern-type prefixed
allow eval-worker --operation Write --operation Describe --transactional-id tributary-eval-worker- --resource-pattern-type prefixed
topics Read eval-worker \
  llm.eval.jobs.fast.v1 \
  llm.eval.jobs.judge.v1
topics Write eval-worker \
  llm.dlq \
  llm.eval.results.v1 \
  otlp_spans

topics Read tool \
  llm.corrections.v1 \
  llm.eval.jobs.human.v1 \
  llm.ledger.v1 \
  llm.ref.v1 \
  llm.rejected.v1 \
  llm.spans.v1
topics Write tool \
  llm.corrections.v1 \
  llm.dlq \
  llm.eval.results.v1 \
  llm.events.v1 \
  llm.ref.v1
topics Describe tool \
  llm.eval.jobs.fast.v1 \
  llm.eval.jobs.judge.v1 \
  llm.scores.v1 \
  llm.span-content.v1 \
  llm.spans.in.v1 \
  llm.traces.v1 \
  otlp_logs \
  otlp_spans
# A correction waits for the owner of the ledger and for the loader, an erasure for normalize
# and for the loader; a replay runs beside them; reference data is published in transactions.
for kind in --group --transactional-id --topic; do
  allow tool --operation All "$kind" "${APPLICATIONS:-tributary}-run-" --resource-pattern-type prefixed
done
allow tool --operation All --topic "${PREFIX:-}run." --resource-pattern-type prefixed
allow tool --operation Describe --group "${APPLICATIONS:-tributary}-attribution" \
  --group "${APPLICATIONS:-tributary}-normalize" --group tributary-sink-clickhouse

topics Write collector \
  otlp_logs \
  otlp_metrics \
  otlp_spans
