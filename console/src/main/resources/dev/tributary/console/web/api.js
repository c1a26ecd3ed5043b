// Questions to the server, and what is shown while they wait.
import { fill } from './dom.js';

const SLOW_MS = 1500;
let known = { tenants: [], otlp_url: '' };
let pending = 0, asked = 0, begun = 0, timer = null, abort = new AbortController();

/** Forgets what was asked for a page that is left. */
export function leave() {
  abort.abort();
  abort = new AbortController();
}

/** Rows of a question and the facts to read them with. Throws with the server's words. */
export async function ask(name, parameters) {
  const query = new URLSearchParams(Object.entries(parameters ?? {}).filter(([, value]) => value !== undefined && value !== null));
  const { signal } = abort;
  start();
  try {
    const answer = await request(`/api/${name}?${query}`, signal);
    return {
      rows: answer.result.data,
      facts: answer.facts,
      all: answer.result.rows_before_limit_at_least ?? answer.result.rows,
    };
  } finally {
    end();
  }
}

/** Asks the server for what it says of itself. */
export async function about() {
  known = await request('/api/about', undefined);
}

/** What the server said of itself: tenants, and where telemetry is sent. */
export function server() {
  return known;
}

async function request(address, signal) {
  let response;
  try {
    response = await fetch(address, { signal, headers: { accept: 'application/json' } });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Error('The console does not answer at ' + location.host + '. Is ./tributary still running?');
  }
  let body;
  try {
    body = await response.json();
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Error(`The answer (${response.status}) is not what this page expects; reload it.`);
  }
  if (!response.ok) throw new Error(body.error ?? `status ${response.status}`);
  return body;
}

function start() {
  if (pending++ === 0) {
    begun = Date.now();
    asked = 0;
    timer = setInterval(show, 500);
    document.getElementById('progress').hidden = false;
  }
  asked++;
}

function end() {
  if (--pending > 0) return;
  clearInterval(timer);
  document.getElementById('progress').hidden = true;
  fill(document.getElementById('status'));
}

function show() {
  const waited = Date.now() - begun;
  if (waited < SLOW_MS) return;
  fill(document.getElementById('status'),
    `ClickHouse is at work: ${asked - pending} of ${asked} answers, ${Math.round(waited / 1000)} s`);
}
