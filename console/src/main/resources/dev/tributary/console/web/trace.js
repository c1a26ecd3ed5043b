// One trace: its lines as a tree over time, with money, tokens, and where each tag came from.
import { ask } from './api.js';
import { label } from './controls.js';
import { card, empty, fill, h, trouble, waiting } from './dom.js';
import { count, decimal, duration, exactly, money, percent, sum, time } from './numbers.js';
import { UNTAGGED, link, params, shared } from './state.js';

const KINDS = { LLM: '--c0', EMBEDDING: '--c6', RERANK: '--c6', AGENT: '--c3', WORKFLOW: '--c7', STEP: '--c7', TOOL: '--c2', MCP: '--c2', RETRIEVAL: '--c5', GUARDRAIL: '--c4', EVALUATOR: '--c4' };
const PROVENANCE = {
  OWN: 'stated by the span', ANCESTOR: 'inherited from its nearest ancestor that knows', TRACE_ROOT: 'from the root of the trace',
  RESOURCE: 'from the resource, such as the service', RULE: 'by an ownership rule', UNATTRIBUTED: 'nobody knows',
};
const TAGS = ['feature', 'team', 'workspace', 'environment', 'prompt_version', 'agent'];

export function title() {
  return 'Trace';
}

export async function show(main) {
  fill(main, h('section', { class: 'card' }, waiting(8)));
  try {
    const { id = '', tenant } = params();
    const about = { id, tenant };
    const [lines, tree, audit, summary] = await Promise.all([ask('trace-lines', about), ask('trace-tree', about), ask('trace-audit', about), ask('trace-summary', about)]);
    const back = h('div', null, h('a', { class: 'back', href: link('/traces', shared(), { keep: false }) }, '← Traces'));
    if (lines.rows.length === 0) {
      fill(main, back, empty('The ledger has no line of this trace', h('p', null, h('code', null, id)),
        h('p', { class: 'faint' }, 'It may still be open, belong to another tenant, or have been refused: ', h('code', null, './tributary status'), ' counts what was.')));
      return;
    }
    draw(main, back, id, lines, new Map(tree.rows.map(row => [row.span_id, row.parent_span_id])), new Map(audit.rows.map(row => [row.item, row])), summary.rows[0]);
  } catch (error) {
    if (error.name !== 'AbortError') fill(main, trouble(error, () => show(main)));
  }
}

/** Lines in the order of the tree, with their depth. */
function ordered(rows, parents) {
  const items = new Map(rows.map(row => [row.item, row]));
  const children = new Map();
  for (const row of rows) {
    const parent = parents.get(row.item);
    const under = parent && parent !== row.item && items.has(parent) ? parent : null;
    if (!children.has(under)) children.set(under, []);
    children.get(under).push(row);
  }
  const all = [], seen = new Set();
  const visit = (row, depth) => {
    if (seen.has(row.item)) return;
    seen.add(row.item);
    all.push({ row, depth });
    for (const child of children.get(row.item) ?? []) visit(child, depth + 1);
  };
  for (const root of children.get(null) ?? []) visit(root, 0);
  // Spans that name each other as parents hang below none.
  for (const row of rows) visit(row, 0);
  return all;
}

function name(row) {
  if (row.tool_name) return row.tool_name;
  if (row.model !== 'unknown') return row.model;
  if (row.retrieval_source) return row.retrieval_source;
  if (row.agent !== UNTAGGED) return row.agent;
  return row.service_name ?? 'span';
}

function draw(main, back, id, lines, parents, audits, summary) {
  const spans = lines.rows.filter(row => row.item !== 'trace');
  const start = Math.min(...spans.map(row => row.start_us)), end = Math.max(...spans.map(row => row.start_us + row.latency_us), start + 1);
  const known = sum(lines.rows.map(row => decimal(row.cost)));
  const lacking = lines.rows.filter(row => row.is_unpriced || row.unpriced_tokens > 0).length;
  const detail = h('aside', { class: 'detail' });
  let chosen = null;
  const choose = (row, button) => {
    chosen?.setAttribute('aria-pressed', 'false');
    chosen = button;
    button.setAttribute('aria-pressed', 'true');
    fill(detail, describe(row, audits.get(row.item)));
  };
  const tree = ordered(spans, parents);
  const rows = tree.map(({ row, depth }) => {
    const at = (row.start_us - start) / (end - start) * 100, width = Math.max(0.4, row.latency_us / (end - start) * 100);
    const cost = decimal(row.cost);
    const button = h('button', {
      type: 'button', class: 'span' + (row.error ? ' failed' : ''), 'aria-pressed': 'false', style: { '--depth': Math.min(depth, 12) },
      onclick: event => choose(row, event.currentTarget),
    }, h('span', { class: 'span-name' }, h('i', { class: 'dot', style: { background: `var(${KINDS[row.span_kind] ?? '--rest'})` } }),
      h('b', null, name(row)), h('span', { class: 'faint' }, row.span_kind.toLowerCase()), row.error && h('span', { class: 'badge critical', title: row.error_type }, row.error_type ?? 'error')),
    h('span', { class: 'span-cost' }, cost !== null ? (row.unpriced_tokens > 0 ? '≥ ' : '') + money(cost) : row.is_unpriced ? h('span', { class: 'unknown' }, 'unknown') : ''),
    h('span', { class: 'span-bar' }, h('span', { style: { left: `${Math.min(at, 99.5)}%`, width: `${Math.min(width, 100 - Math.min(at, 99.5))}%`, background: `var(${KINDS[row.span_kind] ?? '--rest'})` } })),
    h('span', { class: 'span-time' }, duration(row.latency_us)));
    return button;
  });
  const fact = (term, value) => h('div', null, h('dt', null, term), h('dd', null, value));
  const calls = lines.rows.reduce((n, row) => n + row.calls, 0), tokens = lines.rows.reduce((n, row) => n + row.tokens, 0);
  fill(main, back,
    h('section', { class: 'card hero' }, h('div', { class: 'hero-state' }, h('span', { class: 'faint' }, 'Trace')), h('h1', null, h('code', null, id)),
      h('dl', { class: 'facts' },
        fact('Cost', h('span', { title: known === null ? null : exactly(known), class: known === null ? 'unknown' : null }, (known !== null && lacking > 0 ? '≥ ' : '') + money(known))),
        lacking > 0 && fact('Not priced, or in part', h('span', { class: 'warn' }, lacking === 1 ? '1 line' : `${lacking} lines`)),
        fact('Calls', count(calls)), fact('Tokens', count(tokens)), fact('Took', duration(summary?.wall_time_us ?? end - start)),
        fact('Start', time(start / 1000) + ' UTC'),
        summary?.session_id && fact('Session', h('a', { class: 'plain', href: link('/session', { id: summary.session_id, tenant: params().tenant }, { keep: false }) }, summary.session_id)),
        ...['tool_loops', 'retries', 'fallbacks', 'handoffs', 'orphans'].map(field => summary?.[field] > 0 && fact(field.replaceAll('_', ' '), count(summary[field]))),
        summary ? fact('Closed', summary.close_reason.toLowerCase().replaceAll('_', ' ')) : fact('Closed', h('span', { class: 'faint' }, 'not yet, or too late to tell'))),
      summary && criticalPath(summary.critical_path_us)),
    h('div', { class: 'waterfall' }, card('Lines', h('span', { class: 'faint' }, parents.size > 0 ? `${spans.length} spans; choose one` : 'its spans are no longer kept: without the tree'),
      h('div', { class: 'spans' }, rows),
      lines.all > lines.rows.length && h('p', { class: 'note warn' }, `The first ${lines.rows.length} of ${count(lines.all)} lines; the sums above are of these.`)),
    h('section', { class: 'card' }, detail)),
    h('p', { class: 'note faint' }, 'Prompts, answers and arguments are not here: money and text are separate planes, with their own access and retention. Text is in ClickHouse, table span_content, for whoever may read it.'));
  let dearest = 0;
  tree.forEach(({ row }, i) => {
    if ((decimal(row.cost) ?? -1n) > (decimal(tree[dearest].row.cost) ?? -1n)) dearest = i;
  });
  if (rows.length > 0) choose(tree[dearest].row, rows[dearest]);
}

function criticalPath(path) {
  const parts = Object.entries(path).sort((a, b) => b[1] - a[1]), all = parts.reduce((n, part) => n + part[1], 0);
  if (all === 0) return null;
  const ink = kind => `var(${KINDS[kind.toUpperCase()] ?? '--rest'})`;
  return h('div', { class: 'path' }, h('div', { class: 'path-bar', 'aria-hidden': 'true' }, parts.map(([kind, us]) => h('i', { style: { width: `${us / all * 100}%`, background: ink(kind) } }))),
    h('div', { class: 'legend' }, h('span', { class: 'path-name' }, 'Critical path'), parts.map(([kind, us]) => h('span', null, h('i', { style: { background: ink(kind) } }), `${kind} ${duration(us)}, ${percent(us / all)}`))));
}

function describe(row, audit) {
  const cost = decimal(row.cost);
  const pair = (term, value) => value === null || value === undefined || value === '' || value === false ? null : h('div', null, h('dt', null, term), h('dd', null, value));
  return [h('h2', null, name(row)),
    h('dl', { class: 'pairs' },
      pair('Cost', h('span', { title: cost === null ? null : exactly(cost), class: cost === null ? (row.is_unpriced ? 'unknown' : 'faint') : null }, cost === null ? (row.is_unpriced ? 'unknown' : 'none of its own') : exactly(cost))),
      pair('Price', [row.price_status.toLowerCase().replaceAll('_', ' '), row.price_reason && ` (${row.price_reason})`]),
      pair('Rate card', audit?.priced_by[0]), pair('Catalogue', audit?.priced_by[1]),
      pair('Model', row.model === 'unknown' ? null : row.model), pair('Surface', row.surface),
      pair('Tokens', row.tokens > 0 ? [count(row.tokens), row.unpriced_tokens > 0 && h('span', { class: 'warn' }, `, ${count(row.unpriced_tokens)} without a price`)] : null),
      pair('Usage', row.usage_quality.toLowerCase()),
      pair('Took', duration(row.latency_us)), pair('First token', row.ttft_us === null ? null : duration(row.ttft_us)),
      pair('Service', row.service_name), pair('Tool', row.tool_name), pair('MCP server', row.mcp_server), pair('Retrieval', row.retrieval_source),
      pair('Error', row.error ? h('span', { class: 'bad' }, [row.error_type ?? 'unknown', row.http_status && ` (${row.http_status})`]) : null),
      pair('Attempt', row.attempt > 1 ? row.attempt : null), pair('Fell back from', row.fallback_from),
      pair('Purpose', row.purpose === 'EVAL' ? 'evaluation' : null), pair('Span', h('code', null, row.item))),
    audit?.buckets.length > 0 && [h('h3', null, 'Priced by bucket'), h('dl', { class: 'pairs' }, audit.buckets.map(bucket =>
      pair(bucket.bucket, [count(bucket.quantity), ' · ', bucket.cost === null ? h('span', { class: 'unknown' }, 'unknown') : exactly(decimal(bucket.cost))])))],
    h('h3', null, 'Attribution'),
    h('dl', { class: 'pairs' }, TAGS.map(tag => {
      const from = audit?.provenance[tag];
      return pair(tag.replaceAll('_', ' '), [h('span', { class: row[tag] === UNTAGGED ? 'untagged' : null }, label(row[tag])), from && h('div', { class: 'faint small' }, PROVENANCE[from] ?? from.toLowerCase().replaceAll('_', ' '))]);
    })),
    audit && audit.entries > 1 && h('p', { class: 'note' }, `Revised: ${audit.entries} entries, the last because of ${audit.last_cause.toLowerCase().replaceAll('_', ' ')}.`)];
}
