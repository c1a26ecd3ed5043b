// What is chosen on every page: the time, the purpose, the filters.
import { h } from './dom.js';
import { go } from './going.js';
import { DIMENSIONS, RANGES, UNTAGGED, filters, link, params, range, times } from './state.js';

/** A row of choices that are links, so that they can be opened, sent and reached by keyboard. */
export function choices(name, label, options, chosen, reset = {}) {
  return h('div', { class: 'choices', role: 'group', 'aria-label': label }, options.map(([value, text]) =>
    h('a', { href: link(null, { ...reset, [name]: value }), 'aria-current': value === chosen ? 'true' : null }, text)));
}

/** The time range: presets, or two times. */
export function rangeControl() {
  const shown = range();
  const { from, to } = times(shown);
  const custom = shown.name === 'custom';
  const field = (name, value) => h('label', null, h('span', null, name),
    h('input', { type: 'datetime-local', name, step: 60, required: true, value: value.slice(0, 16) }));
  const form = h('form', {
    class: 'custom', onsubmit: event => {
      event.preventDefault();
      const data = new FormData(event.target);
      go(link(null, { range: null, from: data.get('from') + ':00Z', to: data.get('to') + ':00Z' }));
    },
  }, field('from', from), field('to', to), h('span', { class: 'faint' }, 'UTC'), h('button', { type: 'submit' }, 'Show'));
  return h('div', { class: 'range' },
    choices('range', 'Time range', RANGES.map(r => [r[0], r[1]]), shown.name, { from: null, to: null }),
    h('details', null, h('summary', { 'aria-current': custom ? 'true' : null }, custom ? `${from.slice(0, 16).replace('T', ' ')} – ${to.slice(0, 16).replace('T', ' ')} UTC` : 'Custom'), form));
}

/** What is filtered, each with a way out; what a page cannot filter by says so. */
export function chips(applied = DIMENSIONS.map(d => d[0])) {
  const now = params();
  const shown = DIMENSIONS.filter(([name]) => now[name] !== undefined);
  return shown.length === 0 ? null : h('div', { class: 'chips', 'aria-label': 'Filters' },
    shown.map(([name, title]) => h('a', { class: applied.includes(name) ? 'chip' : 'chip idle', href: link(null, { [name]: null }), title: applied.includes(name) ? 'Take this filter out' : 'This page does not filter by it' },
      h('span', null, title), h('b', null, label(now[name])), !applied.includes(name) && h('span', null, 'not applied here'), h('span', { class: 'x', 'aria-hidden': 'true' }, '×'))),
    shown.length > 1 && h('a', { class: 'plain', href: link(null, Object.fromEntries(shown.map(([name]) => [name, null]))) }, 'Clear all'));
}

/** Product calls, the judges' own, or both. */
export function purposeControl() {
  return choices('purpose', 'Purpose', [[null, 'All calls'], ['product', 'Product'], ['eval', 'Evaluation']], params().purpose ?? null);
}

/** Zooms to seconds since the epoch. */
export function zoom(from, to) {
  go(link(null, { range: null, from: new Date(from * 1000).toISOString(), to: new Date(to * 1000).toISOString() }));
}

/** A value as people read it. */
export function label(key) {
  return key === UNTAGGED ? 'untagged' : key === '' ? '(empty)' : key;
}

/** Whether anything narrows what is shown. */
export function isFiltered() {
  const { tenant, ...rest } = filters();
  return Object.keys(rest).length > 0;
}
