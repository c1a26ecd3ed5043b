// The page of an address.
import { about, ask, leave, server } from './api.js';
import { clearCharts } from './charts.js';
import { fill, h, trouble } from './dom.js';
import { go, onGoing } from './going.js';
import { ago } from './numbers.js';
import { filters, link, params, range, shared } from './state.js';
import * as episodes from './episodes.js';
import * as prompts from './prompts.js';
import * as spend from './spend.js';
import * as trace from './trace.js';
import * as traces from './traces.js';

const PAGES = [
  ['/spend', 'Spend', spend],
  ['/episodes', 'Episodes', episodes.list],
  ['/traces', 'Traces', traces.list],
  ['/prompts', 'Prompts', prompts],
  // Shown from the others; the fourth is the page that they belong to.
  ['/episode', null, episodes.one, '/episodes'],
  ['/trace', null, trace, '/traces'],
  ['/session', null, traces.session, '/traces'],
];
const REFRESH_MS = 30000;

function current() {
  return PAGES.find(([path]) => path === location.pathname) ?? PAGES[0];
}

function main() {
  return document.getElementById('main');
}

function nav() {
  const [here] = current();
  fill(document.getElementById('nav'), PAGES.map(([path, title, , of]) => title &&
    h('a', { href: link(path, shared(), { keep: false }), 'aria-current': path === here || PAGES.find(p => p[0] === here)[3] === path ? 'page' : null }, title)));
  const tenant = params().tenant ?? server().tenants[0];
  fill(document.getElementById('aside'),
    server().tenants.length > 1 && h('label', { class: 'tenant' }, h('span', { class: 'sr' }, 'Tenant'), h('select', {
      onchange: event => go(link(null, { tenant: event.target.value })),
    }, server().tenants.map(name => h('option', { value: name, selected: name === tenant }, name)))),
    h('span', { id: 'fresh', class: 'faint' }));
  fresh();
}

async function fresh() {
  try {
    const { rows: [row] } = await ask('freshness', { tenant: filters().tenant, within: 'recent' });
    const place = document.getElementById('fresh');
    if (place && row.last_event_ms) fill(place, 'last call ', ago(row.last_event_ms));
  } catch (error) {
    // The page itself says what is wrong.
    console.info(error.message);
  }
}

function render(moved) {
  leave();
  clearCharts();
  main().className = '';
  const [, title, page] = current();
  document.title = `${page.title?.() ?? title} · Tributary`;
  nav();
  try {
    page.show(main());
  } catch (error) {
    fill(main(), trouble(error, () => go(location.pathname), 'Start over'));
  }
  if (moved) {
    window.scrollTo(0, 0);
    main().focus({ preventScroll: true });
  }
}

/** The same page with what is new, unless somebody is at work in it. */
function refresh() {
  const at = document.activeElement;
  const idle = !at || at === document.body || at.id === 'main';
  if (document.hidden || !idle || String(getSelection()) || document.querySelector('details[open]')) return;
  try {
    if (!range().moves) return;
  } catch {
    return;
  }
  const [, , page] = current();
  fresh();
  page.refresh?.();
}

document.addEventListener('click', event => {
  const anchor = event.target.closest('a');
  if (!anchor || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const to = new URL(anchor.href, location.href);
  if (to.origin !== location.origin || !PAGES.some(([path]) => path === to.pathname) || anchor.getAttribute('href').startsWith('#')) return;
  event.preventDefault();
  go(to.pathname + to.search);
});
window.addEventListener('popstate', () => render(false));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => render(false));
setInterval(refresh, REFRESH_MS);
onGoing(() => render(true));

try {
  await about();
  render(false);
} catch (error) {
  fill(main(), trouble(error, () => location.reload()));
}
