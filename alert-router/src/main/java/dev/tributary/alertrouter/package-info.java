/**
 * Alerts to Alertmanager, webhooks and Slack-compatible hooks. A plain consumer: it knows the
 * owning team's routes, what is silenced, and what was delivered in the last 35 days. No Kafka
 * Streams import.
 */
@NullMarked
package dev.tributary.alertrouter;

import org.jspecify.annotations.NullMarked;
