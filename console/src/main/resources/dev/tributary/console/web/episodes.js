// Anomalies: what moved, since when, how much money, why, and whose it is.
import { ask } from './api.js';
import { clearCharts, colour, lines, steps } from './charts.js';
import { chips, choices, label, rangeControl } from './controls.js';
import { card, empty, fill, h, table, trouble, waiting } from './dom.js';
import { decimal, drawn, exactly, money, percent, time } from './numbers.js';
import { axisMoney } from './spend.js';
import { filters, link, params, range, shared, times } from './state.js';

const HOUR = 3600000;
const METRICS = { spend_per_hour: 'spend per hour', calls: 'calls' };

function metric(name) {
  return METRICS[name] ?? name.replaceAll('_', ' ');
}

function state(episode) {
  const over = Boolean(episode.is_over);
  return h('span', { class: 'badge ' + (over ? 'past' : episode.severity === 'critical' ? 'critical' : 'open') }, over ? episode.state.toLowerCase().replaceAll('_', ' ') : 'open');
}

function spent(text) {
  const amount = decimal(text);
  return amount === null ? h('span', { class: 'faint', title: 'not an episode of money, or not known' }, '–') : h('span', { title: exactly(amount) + ' above the baseline' }, money(amount));
}

function owners(episode) {
  return episode.teams.length > 0 ? episode.teams.map(label).join(', ') : h('span', { class: 'faint', title: 'no alert was raised of it' }, '–');
}

function since(episode) {
  return time(episode.back_ms).slice(0, 16);
}

export const list = {
  title: () => 'Episodes',
  place: null,
  show(main) {
    const chosen = params().state ?? null;
    this.place = h('div', null, waiting(5));
    fill(main, h('div', { class: 'controls' }, rangeControl(), choices('state', 'State', [[null, 'All'], ['open', 'Open'], ['past', 'Past']], chosen)),
      chips(['environment', 'feature', 'team']), h('section', { class: 'card' }, h('div', { class: 'card-head' }, h('h2', null, 'Episodes'), h('span', { class: 'faint' }, 'what moved, since when, why, and whose it is')), this.place));
    this.refresh();
  },
  async refresh() {
    const place = this.place;
    try {
      const { environment, feature, team, tenant } = filters();
      const answer = await ask('episodes', { ...times(range()), environment, feature, team, tenant, state: params().state });
      if (!place.isConnected) return;
      fill(place, answer.rows.length === 0
        ? empty('No episodes here', h('p', { class: 'faint' }, 'Nothing moved beyond its baseline in this time, or the baselines are still learning: an episode needs a seasonal baseline of its series. Alerts go to the owning team; ', h('code', null, './tributary alerts'), ' lists them.'))
        : table([
          { title: 'What moved', class: 'sentence', cell: row => h('span', null, row.sentence || `${metric(row.metric)} of ${row.series}`) },
          { title: 'State', cell: state },
          { title: 'Owner', cell: owners },
          { title: 'Environment', cell: row => label(row.environment) },
          { title: 'Since (UTC)', cell: since },
          { title: 'Factor', number: true, hint: 'observed over baseline', cell: row => row.factor === null ? h('span', { class: 'faint' }, '–') : `${row.factor.toFixed(1)}x` },
          { title: 'Money so far', number: true, hint: 'above the baseline', cell: row => spent(row.money) },
        ], answer.rows, { caption: 'Episodes', href: row => link('/episode', { ...shared(), id: row.id }, { keep: false }) }));
    } catch (error) {
      if (error.name !== 'AbortError') fill(place, trouble(error, () => this.refresh()));
    }
  },
};

function slice(of) {
  const parts = Object.entries(of);
  return parts.length === 0 ? h('span', { class: 'faint' }, 'everywhere') : parts.map(([name, value]) => h('span', { class: 'tag' }, h('span', { class: 'faint' }, name.replaceAll('_', ' ') + ' '), label(value)));
}

export const one = {
  title: () => 'Episode',
  show(main) {
    fill(main, h('section', { class: 'card' }, waiting(6)));
    this.load(main).catch(error => {
      if (error.name !== 'AbortError') fill(main, trouble(error, () => this.show(main)));
    });
  },
  async load(main) {
    const { id = '', tenant } = params();
    const { rows: [episode] } = await ask('episode', { id, tenant });
    if (!episode) {
      fill(main, empty('There is no such episode', h('p', null, h('code', null, id)), h('p', null, h('a', { href: link('/episodes', shared(), { keep: false }) }, 'All episodes'))));
      return;
    }
    const about = { id, tenant };
    const to = Math.max(episode.opened_ms, episode.last_ms);
    const window = { from: episode.opened_ms - Math.max(6 * HOUR, Math.min(24 * HOUR, to - episode.opened_ms)), to: to + HOUR / 2 };
    const chart = h('div', { class: 'chart' }, waiting(4));
    const changes = h('div', null, waiting(2));
    fill(main,
      h('div', null, h('a', { class: 'back', href: link('/episodes', shared(), { keep: false }) }, '← Episodes')),
      h('section', { class: 'card hero' }, h('div', { class: 'hero-state' }, state(episode), h('span', { class: 'faint' }, `${metric(episode.metric)} · ${label(episode.environment)} · revision ${episode.revision}`)),
        h('h1', null, episode.sentence || `${metric(episode.metric)} of ${episode.series}`),
        facts(episode)),
      card(metric(episode.metric).replace(/^./, c => c.toUpperCase()), h('span', { class: 'faint' }, 'against its seasonal baseline'), chart),
      h('div', { class: 'two' }, card('Why', h('span', { class: 'faint' }, 'largest first'), causes(episode)),
        h('div', { class: 'stack' }, card('Changes noticed', h('span', { class: 'faint' }, 'in the hour before'), changes),
          card('Traces to open', h('span', { class: 'faint' }, 'named by the alert'), examples(episode)))));
    const back = episode.back_ms;
    await Promise.all([
      drawCourse(chart, episode, about, window),
      part(changes, async () => {
        const { rows } = await ask('changes', { ...times({ from: back - HOUR, to: back + HOUR / 12 }), environment: episode.environment, tenant });
        fill(changes, rows.length === 0 ? h('p', { class: 'faint' }, 'None: no new prompt version, model, rate card or deploy was seen.') : rows.map(row =>
          h('div', { class: 'event' }, h('time', null, time(row.at_ms).slice(11)), h('div', null, h('b', null, row.kind.replaceAll('_', ' ')), ' ', row.subject, h('div', null, slice(row.detail))))));
      }),
    ]);
  },
};

async function part(place, work) {
  try {
    await work();
  } catch (error) {
    if (error.name !== 'AbortError') fill(place, trouble(error));
  }
}

function fact(name, value) {
  return h('div', null, h('dt', null, name), h('dd', null, value));
}

function facts(episode) {
  const unit = episode.metric === 'spend_per_hour' ? value => '$' + value.toFixed(2) + '/h' : value => Number(value.toPrecision(4)).toString();
  const number = value => value === null ? h('span', { class: 'faint' }, '–') : unit(value);
  const perHour = decimal(episode.money_per_hour);
  return h('dl', { class: 'facts' },
    fact('Owner', owners(episode)),
    fact('Since', since(episode) + ' UTC'),
    episode.is_over ? fact('Until', time(episode.last_ms).slice(0, 16) + ' UTC') : null,
    fact('Money so far', spent(episode.money)),
    perHour !== null && fact('At its last window', money(perHour) + '/h'),
    fact('Observed', number(episode.observed)), fact('Baseline', number(episode.baseline)),
    episode.factor !== null && fact('Factor', episode.factor.toFixed(2) + 'x'),
    fact('Series', slice(episode.dimensions)),
    episode.group_id && fact('Part of', h('a', { class: 'plain', href: link('/episode', { ...shared(), id: episode.group_id }, { keep: false }) }, episode.group_id.slice(0, 8))));
}

function causes(episode) {
  if (episode.causes.length === 0) return h('p', { class: 'faint' }, 'No cause: the change is not carried by any slice or factor beyond chance, or this kind has none.');
  return table([
    { title: 'Driver', cell: cause => cause.driver.replaceAll('_', ' ') },
    { title: 'Share', number: true, hint: 'of the excess', cell: cause => cause.share === null ? '' : percent(Math.abs(cause.share)).replace(/^/, cause.share < 0 ? '−' : '') },
    { title: 'Amount', number: true, cell: cause => { const amount = decimal(cause.amount); return amount === null ? '' : h('span', { title: exactly(amount) }, money(amount)); } },
    { title: 'Where', class: 'wrap', cell: cause => [slice(cause.slice), cause.evidence && h('div', { class: 'faint' }, cause.evidence)] },
  ], episode.causes, { caption: 'Causes' });
}

function examples(episode) {
  return episode.traces.length === 0 ? h('p', { class: 'faint' }, 'None named; the traces page shows the dearest.')
    : h('ul', { class: 'ids' }, episode.traces.map(id => h('li', null, h('a', { href: link('/trace', { id, tenant: params().tenant }, { keep: false }) }, h('code', null, id)))));
}

async function drawCourse(place, episode, about, window) {
  await part(place, async () => {
    const [states, series] = await Promise.all([ask('episode-states', about), ask('episode-series', { ...about, ...times(window) })]);
    if (!place.isConnected) return;
    clearCharts();
    const step = series.facts.step_s;
    const xs = steps(window.from / 1000, window.to / 1000, step);
    const index = new Map(xs.map((t, i) => [t, i]));
    const at = t => index.get(Math.floor(t / step) * step);
    const isMoney = episode.metric === 'spend_per_hour';
    const baseline = { label: 'baseline', colour: colour('--ink'), dash: [5, 4], spanGaps: true, values: xs.map(() => null), texts: [] };
    const observed = { label: 'observed', colour: colour('--bad'), values: xs.map(() => null), texts: [] };
    for (const row of states.rows) {
      const i = at(row.t);
      if (i === undefined) continue;
      for (const [line, value] of [[baseline, row.baseline], [observed, row.observed]]) {
        if (value === null) continue;
        line.values[i] = value;
        line.texts[i] = isMoney ? '$' + value.toFixed(2) + '/h' : Number(value.toPrecision(4)).toString();
      }
    }
    const bars = [];
    if ((isMoney || episode.metric === 'calls') && series.rows.length > 0) {
      const bar = { label: isMoney ? 'cost per hour' : 'calls', colour: colour('--c1'), values: xs.map(() => null), texts: [] };
      for (const row of series.rows) {
        const i = at(row.t);
        if (i === undefined) continue;
        bar.values[i] = isMoney ? drawn(decimal(row.cost)) * 3600 / step : row.calls;
        bar.texts[i] = isMoney ? '$' + bar.values[i].toFixed(2) + '/h' : String(row.calls);
      }
      bars.push(bar);
    }
    const shown = [observed, baseline].filter(line => line.texts.length > 0);
    if (shown.length + bars.length === 0) {
      fill(place, h('p', { class: 'faint' }, 'This kind of episode has no course: it is noticed once, when it is first seen.'));
      return;
    }
    fill(place);
    lines(place, { xs, step, bars, series: shown, height: 220, format: value => isMoney ? axisMoney(value) : String(value) });
    place.append(h('div', { class: 'legend' }, [...bars, ...shown].map(line => h('span', null, h('i', { style: { background: line.colour } }), line.label)),
      h('span', { class: 'faint' }, `${step / 60} min steps, UTC`)));
  });
}
