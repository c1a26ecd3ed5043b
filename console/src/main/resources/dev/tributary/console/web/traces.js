// Traces and sessions by money. No text of any call: that is on the content plane.
import { ask } from './api.js';
import { chips, choices, isFiltered, label, rangeControl } from './controls.js';
import { card, empty, fill, h, table, trouble, waiting } from './dom.js';
import { count, decimal, duration, exactly, money, short, sum, time } from './numbers.js';
import { nothing } from './nothing.js';
import { amount } from './spend.js';
import { filters, link, params, range, shared, times } from './state.js';

/** Some values, each a filter, and how many more. */
function some(name, values, most = 2) {
  return h('span', { title: values.map(label).join(', ') },
    values.slice(0, most).map((value, i) => [i > 0 && ', ', h('a', { class: 'filter', href: link(null, { [name]: value }) }, label(value))]),
    values.length > most && h('span', { class: 'faint' }, ` +${values.length - most}`));
}

function errors(failed) {
  return failed > 0 ? h('span', { class: 'bad' }, count(failed)) : h('span', { class: 'faint' }, '0');
}

function id(text) {
  return h('code', { title: text }, text.length > 26 ? text.slice(0, 16) + '…' : text);
}

function withCost(row) {
  return amount({ ...row, unpriced_tokens: row.unpriced_tokens ?? 0 });
}

export const list = {
  title: () => 'Traces',
  show(main) {
    const what = params().what ?? null, sort = params().sort ?? null;
    this.place = h('div', null, waiting(6));
    fill(main, h('div', { class: 'controls' }, rangeControl(), h('div', { class: 'range' },
      choices('what', 'What', [[null, 'Traces'], ['sessions', 'Sessions']], what),
      what === null && choices('sort', 'Order', [[null, 'Dearest'], ['time', 'Latest']], sort))),
    what === 'sessions' ? chips(['feature', 'team', 'workspace', 'environment']) : chips(),
    h('section', { class: 'card' }, h('div', { class: 'card-head' }, h('h2', null, what === 'sessions' ? 'Dearest sessions' : sort === 'time' ? 'Latest traces' : 'Dearest traces'),
      h('span', { class: 'faint' }, isFiltered() && what !== 'sessions' ? 'cost and calls of what passes the filters' : 'money and structure; no text of any call')), this.place));
    this.refresh();
  },
  async refresh() {
    const place = this.place;
    try {
      const sessions = params().what === 'sessions';
      const { feature, team, workspace, environment, tenant } = filters();
      const answer = sessions
        ? await ask('sessions', { ...times(range()), feature, team, workspace, environment, tenant })
        : await ask('traces', { ...times(range()), ...filters(), sort: params().sort });
      if (!place.isConnected) return;
      if (answer.rows.length === 0) {
        const advice = sessions ? empty('No sessions ended in this time', h('p', { class: 'faint' }, 'A session is made of traces whose spans state a session id (', h('code', null, 'gen_ai.conversation.id'), ').')) : await nothing(isFiltered());
        if (place.isConnected) fill(place, advice);
        return;
      }
      fill(place, sessions ? sessionTable(answer.rows) : traceTable(answer.rows),
        answer.all > answer.rows.length && h('p', { class: 'note faint' }, `${answer.rows.length} of ${count(answer.all)}; filters show the others.`));
    } catch (error) {
      if (error.name !== 'AbortError') fill(place, trouble(error, () => this.refresh()));
    }
  },
};

function traceTable(rows) {
  return table([
    { title: 'Trace', cell: row => id(row.id) },
    { title: 'Cost', number: true, cell: withCost },
    { title: 'Feature', cell: row => some('feature', row.features) },
    { title: 'Team', cell: row => some('team', row.teams) },
    { title: 'Model', cell: row => some('model', row.models) },
    { title: 'Calls', number: true, cell: row => count(row.calls) },
    { title: 'Tokens', number: true, cell: row => h('span', { title: count(row.tokens) }, short(row.tokens)) },
    { title: 'Failed', number: true, cell: row => errors(row.failed_calls) },
    { title: 'Took', number: true, cell: row => duration(row.wall_us) },
    { title: 'Start (UTC)', number: true, cell: row => h('span', { title: time(row.start_ms) }, time(row.start_ms).slice(5)) },
  ], rows, { caption: 'Traces', href: row => link('/trace', { id: row.id, tenant: params().tenant }, { keep: false }) });
}

function sessionTable(rows) {
  return table([
    { title: 'Session', cell: row => id(row.id) },
    { title: 'Cost', number: true, cell: withCost },
    { title: 'Turns', number: true, cell: row => count(row.turns) },
    { title: 'Calls', number: true, cell: row => count(row.calls) },
    { title: 'Errors', number: true, cell: row => errors(row.errors) },
    { title: 'Feature', cell: row => some('feature', [row.feature]) },
    { title: 'Team', cell: row => some('team', [row.team]) },
    { title: 'Workspace', cell: row => some('workspace', [row.workspace]) },
    { title: 'Outcome', cell: row => row.outcome ?? h('span', { class: 'faint' }, '–') },
    { title: 'Lasted', number: true, cell: row => duration(row.wall_us) },
    { title: 'Start (UTC)', number: true, cell: row => h('span', { title: time(row.start_ms) }, time(row.start_ms).slice(5)) },
  ], rows, { caption: 'Sessions', href: row => link('/session', { ...shared(), id: row.id }, { keep: false }) });
}

export const session = {
  title: () => 'Session',
  async show(main) {
    fill(main, h('section', { class: 'card' }, waiting(5)));
    try {
      const { id: name = '', tenant } = params();
      const { rows } = await ask('session', { id: name, tenant });
      const back = h('a', { class: 'back', href: link('/traces', { ...shared(), what: 'sessions' }, { keep: false }) }, '← Sessions');
      if (rows.length === 0) {
        fill(main, h('div', null, back), empty('There is no such session', h('p', null, h('code', null, name))));
        return;
      }
      const total = sum(rows.map(row => decimal(row.cost)));
      fill(main, h('div', null, back),
        card(['Session ', h('code', null, name)], h('span', { title: exactly(total) }, `${money(total)} known, of ${rows.length} turns`), table([
          { title: 'Turn', cell: row => `${row.number}` },
          { title: 'Trace', cell: row => id(row.trace_id) },
          { title: 'Cost', number: true, cell: row => amount({ ...row, unpriced_calls: 0, unpriced_tokens: 0 }) },
          { title: 'Calls', number: true, cell: row => count(row.calls) },
          { title: 'Input tokens', number: true, hint: 'how the context grows', cell: row => count(row.input_tokens) },
          { title: 'Errors', number: true, cell: row => errors(row.errors) },
          { title: 'Took', number: true, cell: row => duration(row.wall_us) },
          { title: 'Start (UTC)', number: true, cell: row => h('span', { title: time(row.start_ms) }, time(row.start_ms).slice(5)) },
        ], rows, { caption: 'Turns', href: row => link('/trace', { id: row.trace_id, tenant }, { keep: false }) }),
        rows[0].is_cut && h('p', { class: 'note warn' }, 'It has more turns than its record lists.')));
    } catch (error) {
      if (error.name !== 'AbortError') fill(main, trouble(error, () => this.show(main)));
    }
  },
};
