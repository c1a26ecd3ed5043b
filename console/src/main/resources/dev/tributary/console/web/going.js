// Going from one address of these pages to another, for all who need no page for it.
let shown = () => {};

/** Names who shows the page of an address that was gone to. */
export function onGoing(show) {
  shown = show;
}

/** Goes to an address of these pages. */
export function go(address) {
  history.pushState(null, '', address);
  shown();
}
