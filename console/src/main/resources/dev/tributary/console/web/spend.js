// Who spent what: the total, the course over time with quality beside it, and a row for each value.
import { ask } from './api.js';
import { clearCharts, colour, groupColour, lines, stacked, steps } from './charts.js';
import { chips, choices, isFiltered, label, purposeControl, rangeControl, zoom } from './controls.js';
import { card, empty, fill, h, table, trouble, waiting } from './dom.js';
import { count, decimal, drawn, duration, exactly, money, percent, ratio, share, short, sum } from './numbers.js';
import { nothing } from './nothing.js';
import { DIMENSIONS, UNTAGGED, filters, link, params, range, shared, times } from './state.js';

const NEXT = { feature: 'model', team: 'feature', workspace: 'feature', environment: 'feature', model: 'feature', prompt_version: 'model' };
const SYNC = 'spend';

let place, figures, chart, quality, rows;

export function title() {
  return 'Spend';
}

export function show(main) {
  const by = params().by ?? 'feature';
  place = main;
  place.className = '';
  figures = h('div', { class: 'figures' }, ['Cost', 'Calls', 'Cost per 1,000 calls', 'Tokens', 'Priced', 'Failed calls'].map(name => figure(name, waiting(1))));
  chart = h('div', { class: 'chart tall' }, waiting(8));
  quality = h('div', null);
  rows = h('div', null, waiting(6));
  const measure = params().measure ?? 'cost';
  fill(main,
    h('div', { class: 'controls' }, rangeControl(), purposeControl()),
    chips(),
    figures,
    card('Over time', choices('measure', 'Measure', [[null, 'Cost'], ['calls', 'Calls']], measure === 'cost' ? null : measure), chart, quality),
    h('section', { class: 'card' },
      h('div', { class: 'card-head' }, h('h2', null, 'Breakdown', h('a', { class: 'plain beside', href: link('/traces', shared(), { keep: false }) }, 'dearest traces')), choices('by', 'Group by', DIMENSIONS, by)), rows));
  load();
}

export function refresh() {
  load();
}

async function load() {
  const at = place.firstChild;
  const shown = range();
  const about = { ...times(shown), ...filters() };
  const by = params().by ?? 'feature';
  const length = shown.to - shown.from;
  const earlier = { ...about, ...times({ from: shown.from - length, to: shown.from }) };
  const asked = {
    total: ask('spend-total', about), earlier: ask('spend-total', earlier), table: ask('spend-table', { ...about, by }),
    series: ask('spend-series', { ...about, by }), latency: ask('spend-latency', { ...about, by }),
    scores: ask('spend-scores', { ...about, by, purpose: undefined }), quality: ask('score-series', { ...about, purpose: undefined }),
  };
  // Each is awaited somewhere below; a failure before that is not "unhandled".
  Object.values(asked).forEach(answer => answer.catch(() => {}));
  const here = () => place.firstChild === at;
  const part = async (target, work) => {
    try {
      await work();
    } catch (error) {
      if (error.name === 'AbortError' || !here()) return;
      // One trouble is shown once, however many questions it has kept from an answer.
      if (target === figures) place.className = 'bare';
      fill(target, trouble(error, () => show(place)));
    }
  };
  await Promise.all([
    part(figures, async () => {
      const total = (await asked.total).rows[0];
      if (total.lines === 0) {
        const advice = await nothing(isFiltered());
        if (!here()) return;
        place.className = 'bare';
        fill(figures, advice);
        return;
      }
      if (here()) place.className = '';
      const before = (await asked.earlier).rows[0];
      if (here()) showFigures(total, before);
    }),
    part(rows, async () => {
      const answer = await asked.table;
      if (here()) await showRows(answer, asked, by, here);
    }),
    part(chart, async () => {
      const [series, scored] = await Promise.all([asked.series, asked.quality]);
      if (here()) showCharts(series, scored, shown);
    }),
  ]);
}

/** An amount with what is not in it: a lower bound where anything lacks a price. */
export function amount(row) {
  const cost = decimal(row.cost);
  const lacks = row.unpriced_calls > 0 || row.unpriced_tokens > 0;
  const text = cost === null ? (lacks || row.calls > 0 ? 'unknown' : '–') : (lacks ? '≥ ' : '') + money(cost);
  return h('span', { class: cost === null ? 'unknown' : null, title: cost === null ? 'no line of this has a price' : exactly(cost) + (lacks ? ', and what has no price beside' : '') }, text);
}

/** Share of tokens that have a price; null where there are none. */
export function pricedShare(row) {
  return row.tokens > 0 ? 1 - row.unpriced_tokens / row.tokens : null;
}

export function coverage(row) {
  const priced = pricedShare(row);
  const hint = `${count(row.unpriced_tokens)} of ${count(row.tokens)} tokens and ${count(row.unpriced_calls)} calls have no price`
    + (row.calls_without_usage > 0 ? `; ${count(row.calls_without_usage)} calls say no usage` : '');
  return h('span', { class: row.unpriced_tokens > 0 ? 'warn' : 'faint', title: hint }, priced === null ? '–' : percent(priced));
}

function perThousand(row) {
  return ratio(decimal(row.cost), 1000, row.priced_calls);
}

function change(now, before) {
  if (now === null || before === null || before === 0) return null;
  const by = now / before - 1;
  if (Math.abs(by) < 0.001) return h('span', { class: 'delta' }, 'as before');
  return h('span', { class: 'delta', title: 'against the same time before' }, (by > 0 ? '▲ ' : '▼ ') + (Math.abs(by) >= 10 ? '> 10x' : percent(Math.abs(by))));
}

function figure(name, value, ...below) {
  return h('div', { class: 'figure' }, h('div', { class: 'figure-name' }, name), h('div', { class: 'figure-value' }, value), h('div', { class: 'figure-below' }, ...below));
}

function showFigures(total, before) {
  const cost = decimal(total.cost), costBefore = decimal(before.cost);
  const priced = pricedShare(total);
  const failed = row => row.calls > 0 ? row.failed_calls / row.calls : null;
  const each = perThousand(total), eachBefore = perThousand(before);
  fill(figures,
    figure('Cost', amount(total), change(drawn(cost), drawn(costBefore)),
      total.unpriced_tokens > 0 ? h('span', { class: 'warn' }, `${percent(priced)} of tokens priced`)
        : total.unpriced_calls > 0 && h('span', { class: 'warn' }, `${count(total.unpriced_calls)} calls have no price`)),
    figure('Calls', h('span', { title: count(total.calls) }, short(total.calls)), change(total.calls, before.calls)),
    figure('Cost per 1,000 calls', h('span', { title: each === null ? null : exactly(each) + ', of calls with a price' }, each === null ? '–' : money(each)), change(drawn(each), drawn(eachBefore))),
    figure('Tokens', h('span', { title: count(total.tokens) }, short(total.tokens)), change(total.tokens, before.tokens)),
    figure('Priced', coverage(total), h('span', { class: 'faint' }, total.unpriced_calls > 0 ? `${count(total.unpriced_calls)} calls without a price` : 'of tokens')),
    figure('Failed calls', percent(failed(total)), h('span', { class: 'faint' }, `${count(total.failed_calls)} of ${count(total.calls)}`)));
}

async function showRows(answer, asked, by, here) {
  if (answer.rows.length === 0) {
    fill(rows, empty('No calls in this time', h('p', { class: 'faint' }, 'Choose a longer range, or take filters out.')));
    return;
  }
  const latencies = new Map(), scores = new Map(), problems = [];
  const draw = () => drawTable(answer, by, latencies, scores, problems);
  draw();
  const late = async (answerOf, take, name) => {
    try {
      (await answerOf).rows.forEach(take);
    } catch (error) {
      if (error.name === 'AbortError') return;
      problems.push(`${name}: ${error.message}`);
    }
    if (here()) draw();
  };
  await Promise.all([
    late(asked.latency, row => latencies.set(row.key, row), 'latency'),
    late(asked.scores, row => scores.set(row.key, [...(scores.get(row.key) ?? []), row]), 'scores'),
  ]);
}

function drawTable(answer, by, latencies, scores, problems) {
  const known = sum(answer.rows.map(row => decimal(row.cost)));
  const complete = answer.all <= answer.rows.length;
  const colours = new Map(answer.rows.slice(0, 7).map((row, i) => [row.key, row.key === UNTAGGED ? colour('--untagged') : groupColour(i)]));
  const columns = [
    { title: DIMENSIONS.find(d => d[0] === by)?.[1] ?? by, cell: row => [h('i', { class: 'dot', style: { background: colours.get(row.key) ?? colour('--rest') } }), h('span', { class: row.key === UNTAGGED ? 'untagged' : null, title: row.key === UNTAGGED ? 'nobody knows: no span, no ancestor, no rule says it' : row.key }, label(row.key))] },
    { title: 'Cost', number: true, cell: amount },
    { title: 'Share', number: true, hint: 'of the known cost of all rows', class: 'share', cell: row => {
      const part = complete ? share(decimal(row.cost), known) : null;
      return part === null ? h('span', { class: 'faint' }, '–') : [percent(part), h('span', { class: 'bar', style: { '--w': `${Math.max(0, part * 100)}%` } })];
    } },
    { title: 'Calls', number: true, cell: row => count(row.calls) },
    { title: 'Per 1,000 calls', number: true, hint: 'known cost over calls that have a price', cell: row => { const each = perThousand(row); return h('span', { title: each === null ? null : exactly(each), class: each === null ? 'faint' : null }, each === null ? '–' : money(each)); } },
    { title: 'Tokens', number: true, cell: row => h('span', { title: count(row.tokens) }, short(row.tokens)) },
    { title: 'Priced', number: true, hint: 'share of tokens that have a price', cell: coverage },
    { title: 'No price', number: true, hint: 'calls whose cost is missing: no price, or no usage stated', cell: row => h('span', { class: row.unpriced_calls > 0 ? 'warn' : 'faint', title: row.calls_without_usage > 0 ? `${count(row.calls_without_usage)} calls state no usage` : null }, count(row.unpriced_calls)) },
    { title: 'Failed', number: true, hint: 'share of calls that failed', cell: row => row.calls > 0 ? h('span', { class: row.failed_calls / row.calls > 0.1 ? 'bad' : null, title: `${count(row.failed_calls)} of ${count(row.calls)}` }, percent(row.failed_calls / row.calls)) : '–' },
    { title: 'p95', number: true, hint: '95th percentile of latency, nearest rank', cell: row => duration(latencies.get(row.key)?.p95_us) },
  ];
  if (scores.size > 0) {
    columns.push({ title: 'Scores', cell: row => h('div', { class: 'scores' }, (scores.get(row.key) ?? []).slice(0, 3).map(scoreText)) });
  }
  fill(rows,
    problems.map(problem => h('p', { class: 'warn note' }, problem)),
    table(columns, answer.rows, {
      caption: `Spend by ${by}`,
      href: row => link(null, { [by]: row.key, by: NEXT[by] }),
    }),
    !complete && h('p', { class: 'note faint' }, `The ${answer.rows.length} dearest of ${count(answer.all)}; filters show the others.`));
}

/** A mean with its error and how many scores it is of. */
export function scoreText(score) {
  const error = score.standard_error;
  return h('span', {
    class: 'score',
    title: `${score.name}, from ${score.source.toLowerCase()}: mean ${score.mean.toFixed(4)}${error === null ? '' : `, standard error ${error.toFixed(4)}`}, ${count(score.n)} scores; ${score.direction === 'LOWER_IS_BETTER' ? 'lower is better' : 'higher is better'}`,
  }, h('span', { class: 'faint' }, score.name + ' '), score.mean.toFixed(2), h('span', { class: 'faint' }, ` n ${count(score.n)}`));
}

function showCharts(series, scored, shown) {
  clearCharts();
  const step = series.facts.step_s;
  const xs = steps(shown.from / 1000, shown.to / 1000, step);
  fill(chart);
  fill(quality);
  if (series.rows.length === 0) {
    fill(chart, empty('Nothing to draw in this time'));
    return;
  }
  const calls = params().measure === 'calls';
  const groups = groupsOf(series.rows, xs, calls);
  const known = xs.map((_, i) => sum(groups.map(group => group.exact[i] ?? null)));
  stacked(chart, {
    xs, step, groups, sync: SYNC, onRange: zoom,
    format: value => calls ? short(value) : axisMoney(value),
    total: i => calls ? count(Number(known[i] ?? 0n)) : money(known[i]),
  });
  chart.append(h('div', { class: 'legend' }, groups.map(group => h('span', null, h('i', { style: { background: group.colour } }), group.label)),
    h('span', { class: 'faint' }, `${step >= 3600 ? step / 3600 + ' h' : step / 60 + ' min'} steps, UTC; drag to zoom`)));
  showQuality(scored.rows, xs, step);
}

export function axisMoney(value) {
  return value === 0 ? '$0' : '$' + (value >= 1000 ? short(value) : value >= 10 ? value.toFixed(0) : value >= 0.1 ? value.toFixed(2) : value.toPrecision(2));
}

function groupsOf(rows, xs, calls) {
  const index = new Map(xs.map((t, i) => [t, i]));
  const groups = new Map();
  for (const row of rows) {
    const i = index.get(row.t);
    if (i === undefined) continue;
    const id = row.is_rest ? 'rest' : 'key:' + row.key;
    if (!groups.has(id)) groups.set(id, { id, key: row.key, rest: Boolean(row.is_rest), exact: [], texts: [], values: xs.map(() => null), total: 0n });
    const group = groups.get(id);
    const value = calls ? BigInt(row.calls) : decimal(row.cost);
    group.exact[i] = value;
    group.total += value ?? 0n;
    group.values[i] = calls ? row.calls : drawn(value);
    group.texts[i] = calls ? count(row.calls) : money(value);
  }
  const order = [...groups.values()].sort((a, b) => a.rest - b.rest || (b.total > a.total ? 1 : b.total < a.total ? -1 : 0));
  order.forEach((group, i) => {
    group.label = group.rest ? 'all others' : label(group.key);
    group.colour = group.rest ? colour('--rest') : group.key === UNTAGGED ? colour('--untagged') : groupColour(i);
  });
  return order;
}

function showQuality(scored, xs, step) {
  if (scored.length === 0) {
    quality.append(h('p', { class: 'note faint' }, 'No scores in this time: quality appears here, on the same time line, once traces are evaluated.'));
    return;
  }
  const index = new Map(xs.map((t, i) => [t, i]));
  const all = new Map();
  for (const row of scored) {
    const id = `${row.name} ${row.source}`;
    if (!all.has(id)) all.set(id, { label: row.source === 'EVALUATOR' ? row.name : `${row.name} (${row.source.toLowerCase()})`, values: xs.map(() => null), texts: [], n: 0, spanGaps: true });
    const i = index.get(row.t);
    if (i === undefined) continue;
    const line = all.get(id);
    line.values[i] = row.mean;
    line.texts[i] = `${row.mean.toFixed(3)}${row.standard_error === null ? '' : ` ± ${(1.96 * row.standard_error).toFixed(3)}`}, n ${row.n}`;
    line.n += row.n;
  }
  const series = [...all.values()].sort((a, b) => b.n - a.n).slice(0, 6);
  series.forEach((line, i) => line.colour = groupColour(i));
  const box = h('div', { class: 'chart' });
  quality.append(h('h3', { class: 'under' }, 'Quality on the same time line'), box,
    h('div', { class: 'legend' }, series.map(line => h('span', null, h('i', { style: { background: line.colour } }), line.label)),
      h('span', { class: 'faint' }, 'means, weighted by inverse inclusion probability, at the end of what was scored')));
  const means = series.flatMap(line => line.values).filter(value => value !== null);
  const bounds = [Math.max(0, Math.min(...means) - 0.08), Math.min(1.02, Math.max(...means) + 0.08)];
  lines(box, { xs, step, series, sync: SYNC, onRange: zoom, bounds, format: value => value.toFixed(2) });
}
