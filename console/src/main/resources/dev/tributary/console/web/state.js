// What is shown is in the address, so that a link shows the same.

export const DIMENSIONS = [
  ['feature', 'Feature'], ['team', 'Team'], ['workspace', 'Workspace'],
  ['environment', 'Environment'], ['model', 'Model'], ['prompt_version', 'Prompt version'],
];

export const RANGES = [['1h', 'Last hour', 3600], ['24h', '24 hours', 86400], ['7d', '7 days', 604800], ['30d', '30 days', 2592000]];

export const UNTAGGED = 'unattributed';

/** The parameters of the address, by name. */
export function params() {
  return Object.fromEntries(new URLSearchParams(location.search));
}

/** An address: of a page, or of this one, with other parameters; null takes one out. */
export function link(page, changes, { keep = true } = {}) {
  const to = new URLSearchParams(keep ? location.search : '');
  for (const [name, value] of Object.entries(changes ?? {})) {
    if (value === null || value === undefined) to.delete(name);
    else to.set(name, value);
  }
  const text = to.toString();
  return (page ?? location.pathname) + (text ? '?' + text : '');
}

/** Names that pages share, so that going from one to another keeps the time and the filters. */
export function shared() {
  const now = params();
  const kept = {};
  for (const name of ['range', 'from', 'to', 'tenant', 'purpose', ...DIMENSIONS.map(d => d[0])]) {
    if (now[name] !== undefined) kept[name] = now[name];
  }
  return kept;
}

/** The time that is shown: {from, to} in milliseconds, and whether it moves on. */
export function range() {
  const { range: name = '24h', from, to } = params();
  if (from !== undefined || to !== undefined) {
    const start = Date.parse(from), end = Date.parse(to);
    if (start < end) return { from: start, to: end, moves: false, name: 'custom' };
    throw new Error(`from = "${from}", to = "${to}" is not allowed; allowed: two times in UTC such as 2026-03-04T14:05:00Z, one after the other`);
  }
  const chosen = RANGES.find(r => r[0] === name);
  if (!chosen) throw new Error(`range = "${name}" is not allowed; allowed: ${RANGES.map(r => r[0]).join(', ')}`);
  const end = Date.now();
  return { from: end - chosen[2] * 1000, to: end, moves: true, name: chosen[0] };
}

/** The range as the server takes it. */
export function times({ from, to }) {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** Filters as the server takes them. */
export function filters() {
  const now = params();
  const chosen = {};
  for (const [name] of DIMENSIONS) if (now[name] !== undefined) chosen[name] = now[name];
  if (now.purpose && now.purpose !== 'all') chosen.purpose = now.purpose;
  if (now.tenant) chosen.tenant = now.tenant;
  return chosen;
}
