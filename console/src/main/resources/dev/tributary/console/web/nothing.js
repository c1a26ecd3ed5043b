// What to do where there is no data.
import { ask, server } from './api.js';
import { empty, h } from './dom.js';
import { ago } from './numbers.js';
import { DIMENSIONS, filters, link } from './state.js';

/** Why nothing is shown, and what shows something. */
export async function nothing(filtered) {
  const { rows: [data] } = await ask('freshness', { tenant: filters().tenant });
  if (data.entries === 0) {
    const to = server().otlp_url;
    return empty('No spans yet',
      h('p', null, to ? 'Send OTLP from any OpenTelemetry GenAI instrumentation:' : 'Send OTLP to the Collector in front of Tributary, for example:'),
      h('pre', null, `OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf \\\nOTEL_EXPORTER_OTLP_ENDPOINT=${to || 'http://localhost:4318'} your-app`),
      h('p', { class: 'faint' }, 'This page shows the first call seconds after it ended. ', h('code', null, './tributary demo'), ' shows it with a simulated company.'));
  }
  const clear = Object.fromEntries(DIMENSIONS.map(([name]) => [name, null]));
  const last = Math.ceil((data.last_event_ms + 1) / 60000) * 60000;
  return empty('No calls in this time',
    filtered && h('p', null, 'No call passes the filters. ', h('a', { href: link(null, { ...clear, purpose: null }) }, 'Take all filters out')),
    h('p', null, `The last call ended ${ago(data.last_event_ms)}. `,
      h('a', { href: link(null, { range: null, from: new Date(last - 86400000).toISOString(), to: new Date(last).toISOString() }) }, 'Show the day up to it')));
}
