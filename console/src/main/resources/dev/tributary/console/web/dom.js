// Elements of data. Text is always a text node: tags come from telemetry and are never markup.

/** An element: properties by name, `on…` as listeners, `data-…` and `aria-…` as attributes. */
export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'class') element.className = value;
    else if (name === 'style') for (const [key, to] of Object.entries(value)) element.style.setProperty(key, to);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** What is in an element, anew. */
export function fill(element, ...children) {
  element.replaceChildren();
  add(element, children);
  return element;
}

/** A card with a title. */
export function card(title, extra, ...children) {
  return h('section', { class: 'card' },
    h('div', { class: 'card-head' }, h('h2', null, title), extra),
    ...children);
}

/** What there is to do where nothing is. */
export function empty(title, ...children) {
  return h('div', { class: 'empty' }, h('h3', null, title), ...children);
}

/** A trouble in words, and a way to try again. */
export function trouble(error, again, words = 'Try again') {
  return h('div', { class: 'trouble', role: 'alert' },
    h('strong', null, 'This could not be answered. '), error.message,
    again && h('div', null, h('button', { type: 'button', onclick: again }, words)));
}

/** Grey bars where something comes. */
export function waiting(lines = 3) {
  return h('div', { class: 'waiting', 'aria-hidden': 'true' }, Array.from({ length: lines }, () => h('div')));
}

/**
 * A table. Columns: {title, cell(row), number, hint}; a row may lead somewhere.
 */
export function table(columns, rows, { href, caption, rowClass } = {}) {
  const head = h('tr', null, columns.map(column =>
    h('th', { scope: 'col', class: column.number ? 'num' : null, title: column.hint }, column.title)));
  const body = rows.map(row => {
    const to = href?.(row);
    const cells = columns.map((column, index) => {
      const content = column.cell(row);
      const inner = index === 0 && to ? h('a', { href: to }, content) : content;
      return h(index === 0 ? 'th' : 'td',
        { class: [column.number && 'num', column.class].filter(Boolean).join(' ') || null, scope: index === 0 ? 'row' : null }, inner);
    });
    const line = h('tr', { class: [to && 'goes', rowClass?.(row)].filter(Boolean).join(' ') || null }, cells);
    if (to) line.addEventListener('click', event => {
      // A link or a selection within the row has its own meaning.
      if (event.target.closest('a, button') || String(getSelection())) return;
      line.querySelector('a').click();
    });
    return line;
  });
  return h('div', { class: 'scroll' }, h('table', null,
    caption && h('caption', { class: 'sr' }, caption), h('thead', null, head), h('tbody', null, body)));
}
