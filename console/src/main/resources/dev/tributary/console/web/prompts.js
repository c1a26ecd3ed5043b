// Versions of prompts beside each other, feature by feature.
import { ask } from './api.js';
import { chips, isFiltered, label, rangeControl } from './controls.js';
import { empty, fill, h, table, trouble, waiting } from './dom.js';
import { count, decimal, duration, exactly, money, percent, ratio, short, time } from './numbers.js';
import { nothing } from './nothing.js';
import { amount, scoreText } from './spend.js';
import { UNTAGGED, filters, link, range, shared, times } from './state.js';

let place;

export function title() {
  return 'Prompt versions';
}

export function show(main) {
  place = h('div', { class: 'stack' }, h('section', { class: 'card' }, waiting(6)));
  fill(main, h('div', { class: 'controls' }, rangeControl()), chips(), place);
  refresh();
}

const key = row => JSON.stringify([row.feature, row.prompt_name, row.prompt_version, row.model]);

export async function refresh() {
  const at = place;
  try {
    const about = { ...times(range()), ...filters() };
    const late = [ask('prompt-latency', about), ask('prompt-scores', { ...about, purpose: undefined })];
    late.forEach(answer => answer.catch(() => {}));
    const answer = await ask('prompt-table', about);
    const { rows } = answer;
    if (!at.isConnected) return;
    if (rows.length === 0) {
      const advice = await nothing(isFiltered());
      if (at.isConnected) fill(at, advice);
      return;
    }
    const latencies = new Map(), scores = new Map();
    draw(at, answer, latencies, scores, []);
    const [latency, scored] = await Promise.allSettled(late);
    if (!at.isConnected) return;
    const problems = [];
    for (const each of [latency, scored]) if (each.status === 'rejected' && each.reason.name !== 'AbortError') problems.push(each.reason.message);
    if (latency.status === 'fulfilled') latency.value.rows.forEach(row => latencies.set(key(row), row));
    if (scored.status === 'fulfilled') scored.value.rows.forEach(row => scores.set(key(row), [...(scores.get(key(row)) ?? []), row]));
    draw(at, answer, latencies, scores, problems);
  } catch (error) {
    if (error.name !== 'AbortError') fill(at, trouble(error, refresh));
  }
}

function draw(at, { rows, all }, latencies, scores, problems) {
  const features = new Map();
  for (const row of rows) {
    if (!features.has(row.feature)) features.set(row.feature, []);
    features.get(row.feature).push(row);
  }
  const order = [...features].sort((a, b) => (a[0] === UNTAGGED) - (b[0] === UNTAGGED));
  fill(at, problems.map(problem => h('p', { class: 'warn note' }, problem)), order.map(([feature, versions]) => section(feature, versions, latencies, scores)),
    all > rows.length && h('p', { class: 'note faint' }, `${rows.length} of ${count(all)} rows; filters show the others.`));
}

/** Versions of a prompt on the same model follow each other, the model with the most calls first. */
function besideEachOther(rows) {
  const calls = new Map();
  for (const row of rows) calls.set(row.model, (calls.get(row.model) ?? 0) + row.calls);
  const compare = (a, b) => a < b ? -1 : a > b ? 1 : 0;
  return [...rows].sort((a, b) => compare(a.prompt_name, b.prompt_name) || calls.get(b.model) - calls.get(a.model) || compare(a.model, b.model)
    || a.prompt_version.localeCompare(b.prompt_version, 'en', { numeric: true }));
}

function each(value, text) {
  return value === null ? h('span', { class: 'faint' }, '–') : text;
}

function section(feature, unsorted, latencies, scores) {
  const rows = besideEachOther(unsorted);
  const most = Math.max(...rows.map(row => row.calls));
  const columns = [
    { title: 'Version and prompt', cell: row => [h('span', { class: row.prompt_version === UNTAGGED ? 'version untagged' : 'version' }, row.prompt_version === UNTAGGED ? 'no version stated' : row.prompt_version), row.prompt_name !== UNTAGGED && h('span', { class: 'prompt', title: row.prompt_name }, row.prompt_name)] },
    { title: 'Model', cell: row => row.model === 'unknown' ? h('span', { class: 'faint' }, 'unknown') : row.model },
    { title: 'First (UTC)', hint: 'first call of the time shown', cell: row => h('span', { title: time(row.first_ms) }, time(row.first_ms).slice(5, 16)) },
    { title: 'Calls', number: true, cell: row => [count(row.calls), h('span', { class: 'bar', style: { '--w': `${row.calls / most * 100}%` } })] },
    { title: 'Cost', number: true, cell: amount },
    { title: 'Per call', number: true, hint: 'known cost over calls that have a price', cell: row => { const one = ratio(decimal(row.cost), 1, row.priced_calls); return each(one, h('span', { title: one === null ? null : exactly(one) }, one === null ? '' : money(one))); } },
    { title: 'Tokens per call', number: true, hint: 'over calls that state usage', cell: row => { const stated = row.calls - row.calls_without_usage; return each(stated > 0 ? stated : null, stated > 0 ? short(row.tokens / stated) : ''); } },
    { title: 'p50', number: true, hint: 'latency, nearest rank', cell: row => duration(latencies.get(key(row))?.p50_us) },
    { title: 'p95', number: true, hint: 'latency, nearest rank', cell: row => duration(latencies.get(key(row))?.p95_us) },
    { title: 'Failed', number: true, cell: row => percent(row.failed_calls / row.calls) },
    { title: 'Scores', cell: row => h('div', { class: 'scores' }, (scores.get(key(row)) ?? []).slice(0, 4).map(scoreText), !scores.has(key(row)) && h('span', { class: 'faint' }, '–')) },
  ];
  return h('section', { class: 'card' }, h('div', { class: 'card-head' }, h('h2', null, label(feature)),
    h('a', { class: 'plain small', href: link('/spend', { ...shared(), feature, by: 'prompt_version' }, { keep: false }) }, 'Over time')),
  table(columns, rows, {
    caption: `Prompt versions of ${label(feature)}`,
    href: row => link('/spend', { ...shared(), feature, prompt_version: row.prompt_name === UNTAGGED ? row.prompt_version : `${row.prompt_name} @ ${row.prompt_version}`, model: row.model, by: 'workspace' }, { keep: false }),
  }));
}
