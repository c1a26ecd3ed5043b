// Charts over time, in UTC. Drawn values are approximate; the numbers beside them are not.
import uPlot from './uplot.js';
import { h } from './dom.js';

const drawnCharts = new Set();

/** Ends the charts of a page that is left. */
export function clearCharts() {
  for (const { chart, watch } of drawnCharts) {
    watch.disconnect();
    chart.destroy();
  }
  drawnCharts.clear();
}

/** A colour of the style sheet. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The colour of the nth group. */
export function groupColour(index) {
  return colour(`--c${index % 8}`);
}

function axis(size, values) {
  return {
    stroke: colour('--faint'), size, gap: 6, values, font: '11px system-ui, sans-serif',
    grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false }, border: { show: false },
  };
}

function tooltip(lines) {
  const box = h('div', { class: 'tip', hidden: true });
  return {
    hooks: {
      init: u => u.over.append(box),
      setCursor: u => {
        const { idx, left, top } = u.cursor;
        const content = idx === null || idx === undefined || left < 0 ? null : lines(idx);
        box.hidden = !content;
        if (!content) return;
        box.replaceChildren(...content);
        const width = u.over.clientWidth;
        const over = left > width / 2;
        box.style.left = over ? '' : `${left + 14}px`;
        box.style.right = over ? `${width - left + 14}px` : '';
        box.style.top = `${Math.max(0, Math.min(top - 10, u.over.clientHeight - box.offsetHeight))}px`;
      },
    },
  };
}

/** Times of the axis: hours of the day, and days where one begins. */
function moments(u, values, index, space, increment) {
  return values.map(seconds => {
    const at = new Date(seconds * 1000);
    const day = at.toLocaleDateString('en', { day: 'numeric', month: 'short', timeZone: 'UTC' });
    return increment >= 86400 || at.getUTCHours() + at.getUTCMinutes() === 0 ? day : at.toISOString().slice(11, 16);
  });
}

function time(step) {
  return seconds => {
    const text = new Date(seconds * 1000).toISOString();
    return step >= 86400 ? text.slice(0, 10) : `${text.slice(0, 10)} ${text.slice(11, 16)}`;
  };
}

function tipLines(when, step, entries) {
  return [h('div', { class: 'tip-time' }, time(step)(when) + ' UTC'), ...entries.map(entry =>
    h('div', { class: 'tip-line' }, h('i', { style: { background: entry.colour } }), h('span', null, entry.label), h('b', null, entry.text)))];
}

function draw(container, options, data, height, onRange) {
  const chart = new uPlot({
    width: Math.max(200, container.clientWidth), height,
    legend: { show: false }, padding: [10, 22, 0, 0],
    tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
    cursor: { y: false, drag: { x: Boolean(onRange), y: false }, points: { show: false } },
    ...options,
    hooks: {
      setSelect: [u => {
        if (!onRange || u.select.width < 8) return;
        onRange(u.posToVal(u.select.left, 'x'), u.posToVal(u.select.left + u.select.width, 'x'));
      }],
    },
  }, data, container);
  const watch = new ResizeObserver(() => {
    if (container.clientWidth > 0) chart.setSize({ width: container.clientWidth, height });
  });
  watch.observe(container);
  drawnCharts.add({ chart, watch });
  return chart;
}

/** Steps from one time to another, in seconds, so that nothing is drawn as nothing. */
export function steps(from, to, step) {
  const all = [];
  for (let t = Math.floor(from / step) * step; t < to; t += step) all.push(t);
  return all;
}

/** What happened in a step is drawn in the middle of it. */
function middles(xs, step) {
  return xs.map(t => t + step / 2);
}

/**
 * Bars on top of each other. Groups: {label, colour, values, texts}, the lowest first; values by step.
 */
export function stacked(container, { xs, step, groups, format, sync, onRange, total }) {
  let below = xs.map(() => 0);
  const tops = groups.map(group => below = below.map((y, i) => y + (group.values[i] ?? 0)));
  const bars = uPlot.paths.bars({ size: [0.86, 64] });
  draw(container, {
    plugins: [tooltip(i => {
      const entries = groups.map((group, g) => ({ label: group.label, colour: group.colour, text: group.texts[i], value: group.values[i], g }))
        .filter(entry => entry.text !== undefined).sort((a, b) => (b.value ?? -1) - (a.value ?? -1));
      return entries.length === 0 ? null : tipLines(xs[i], step, [...entries, ...(total ? [{ label: 'together', colour: 'transparent', text: total(i) }] : [])]);
    })],
    scales: { x: { range: () => [xs[0], xs[xs.length - 1] + step] }, y: { range: (u, min, max) => [Math.min(0, min), max > 0 ? max * 1.06 : 1] } },
    axes: [axis(26, moments), { ...axis(64, (u, values) => values.map(format)), space: 36 }],
    cursor: { y: false, drag: { x: Boolean(onRange), y: false }, points: { show: false }, sync: sync ? { key: sync } : undefined },
    series: [{}, ...groups.map((group, g) => ({ paths: bars, fill: group.colour, stroke: group.colour, width: 0, points: { show: false }, g })).reverse()],
  }, [middles(xs, step), ...tops.slice().reverse()], 260, onRange);
}

/** Lines; null is a gap. Lines: {label, colour, values, texts, dash}. Bounds of y may be given. */
export function lines(container, { xs, step, series, format, bounds, sync, height = 150, onRange, bars = [] }) {
  const all = [...bars.map(b => ({ ...b, bar: true })), ...series];
  draw(container, {
    plugins: [tooltip(i => {
      const entries = all.filter(line => line.texts[i] !== undefined && line.texts[i] !== null)
        .map(line => ({ label: line.label, colour: line.colour, text: line.texts[i] }));
      return entries.length === 0 ? null : tipLines(xs[i], step, entries);
    })],
    scales: { x: { range: () => [xs[0], xs[xs.length - 1] + step] }, y: { range: (u, min, max) => bounds ?? [0, max > 0 ? max * 1.1 : 1] } },
    axes: [axis(26, moments), { ...axis(64, (u, values) => values.map(format)), space: 30 }],
    cursor: { y: false, drag: { x: Boolean(onRange), y: false }, sync: sync ? { key: sync } : undefined },
    series: [{}, ...all.map(line => line.bar
      ? { paths: uPlot.paths.bars({ size: [0.86, 64] }), fill: line.colour, stroke: line.colour, width: 0, points: { show: false } }
      : { stroke: line.colour, width: 2, dash: line.dash, spanGaps: line.spanGaps ?? false, points: { size: 5, fill: line.colour, show: line.dash ? false : undefined } })],
  }, [middles(xs, step), ...all.map(line => line.values)], height, onRange);
}
