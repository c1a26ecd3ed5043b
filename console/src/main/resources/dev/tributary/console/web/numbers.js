// Numbers as people read them. Amounts are decimal texts and stay exact: BigInt, 18 places, no floats.

const PLACES = 18;
const ONE = 10n ** 18n;

/** Units of 10^-18 of a decimal text; null stays null, which is unknown and not 0. */
export function decimal(text) {
  if (text === null || text === undefined) return null;
  const parts = /^(-?)(\d+)(?:\.(\d{1,18}))?$/.exec(text);
  if (!parts) throw new Error(`no decimal: ${text}`);
  const units = BigInt(parts[2]) * ONE + BigInt((parts[3] ?? '').padEnd(PLACES, '0'));
  return parts[1] ? -units : units;
}

/** Known amounts together; null where none is known. */
export function sum(amounts) {
  let total = null;
  for (const amount of amounts) if (amount !== null) total = (total ?? 0n) + amount;
  return total;
}

/** An amount for drawing only. */
export function drawn(amount) {
  return amount === null ? null : Number(amount) / 1e18;
}

/** Rounded to places, half to even. */
export function rounded(amount, places) {
  const unit = 10n ** BigInt(PLACES - places);
  const negative = amount < 0n;
  const size = negative ? -amount : amount;
  let whole = size / unit;
  const rest = (size % unit) * 2n;
  if (rest > unit || (rest === unit && whole % 2n === 1n)) whole += 1n;
  return negative ? -whole : whole;
}

function digits(units, places) {
  const negative = units < 0n;
  const text = (negative ? -units : units).toString().padStart(places + 1, '0');
  const whole = text.slice(0, text.length - places).replace(/\B(?=(\d{3})+$)/g, ',');
  return [negative ? '−' : '', whole + (places ? '.' + text.slice(text.length - places) : '')];
}

/** An amount of money: cents, or two significant digits below one; `unknown` for null. */
export function money(amount) {
  if (amount === null) return 'unknown';
  const size = amount < 0n ? -amount : amount;
  let places = 2;
  if (size !== 0n && size < ONE / 10n) {
    places = Math.min(PLACES, PLACES - size.toString().length + 2);
  }
  const [sign, text] = digits(rounded(amount, places), places);
  return `${sign}$${text}`;
}

/** All its digits. */
export function exactly(amount) {
  if (amount === null) return 'unknown';
  const [sign, text] = digits(amount, PLACES);
  return `${sign}$${text.replace(/0+$/, '').replace(/\.$/, '')}`;
}

/** An amount times a number over a number, exact to 10^-18; null where it has no meaning. */
export function ratio(amount, times, over) {
  return amount === null || !over ? null : amount * BigInt(times) / BigInt(over);
}

/** A count. */
export function count(n) {
  return n === null || n === undefined ? '–' : Math.round(n).toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A large count, short: 12.3k, 4.56M. */
export function short(n) {
  if (n === null || n === undefined) return '–';
  for (const [size, mark] of [[1e12, 'T'], [1e9, 'B'], [1e6, 'M'], [1e4, 'k']]) {
    if (Math.abs(n) >= size) {
      const value = n / (mark === 'k' ? 1e3 : size);
      return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2) + mark;
    }
  }
  return count(n);
}

/** A share of 1 in percent; never rounded to 100 or 0 where it is not quite. */
export function percent(share) {
  if (share === null || share === undefined || Number.isNaN(share)) return '–';
  const value = share * 100;
  if (value > 0 && value < 0.05) return '< 0.1 %';
  if (value < 100 && value > 99.95) return '> 99.9 %';
  return `${value.toFixed(value === 0 || value === 100 ? 0 : 1)} %`;
}

/** Part of a whole, both exact; null where there is no whole. */
export function share(part, whole) {
  return part === null || whole === null || whole === 0n ? null : Number(part * 1000000n / whole) / 1e6;
}

/** Microseconds. */
export function duration(us) {
  if (us === null || us === undefined) return '–';
  if (us < 1000) return `${us} µs`;
  if (us < 1e6) return `${(us / 1e3).toFixed(us < 1e4 ? 1 : 0)} ms`;
  if (us < 60e6) return `${(us / 1e6).toFixed(us < 1e7 ? 2 : 1)} s`;
  const minutes = Math.floor(us / 60e6);
  if (minutes < 60) return `${minutes} min ${Math.round((us % 60e6) / 1e6)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Milliseconds since the epoch as a time in UTC. */
export function time(ms) {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

/** How long ago. */
export function ago(ms, now = Date.now()) {
  const seconds = Math.max(0, Math.round((now - ms) / 1000));
  if (seconds < 90) return `${seconds} s ago`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 129600) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86400)} days ago`;
}
