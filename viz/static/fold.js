// @ts-check
// On a phone a long table is folded by its groups, all but the first; elsewhere, on paper and without JavaScript all of
// it is there.

const narrow = matchMedia("(max-width:760px)");

/**
 * The parts of a table below each head of a group.
 * @param {HTMLTableElement} table
 */
function groups(table) {
  /** @type {Map<HTMLTableRowElement, Set<Element>>} */
  const found = new Map();
  /** @type {Set<Element>} */
  let parts = new Set();
  for (const row of table.querySelectorAll("tr")) {
    if (row.closest("thead, .fix")) continue;
    if (row.matches(".grp")) found.set(row, parts = new Set());
    else parts.add(row.closest("tbody.w") ?? row);
  }
  return found;
}

/**
 * Show or hide what stands below a head.
 * @param {HTMLTableRowElement} head
 * @param {Set<Element>} parts
 * @param {boolean} open
 */
function set(head, parts, open) {
  head.querySelector("button")?.setAttribute("aria-expanded", String(open));
  for (const part of parts) part.classList.toggle("folded", !open);
}

/**
 * Give each head a button, or take it away.
 * @param {HTMLTableElement} table
 */
function fold(table) {
  const wanted = location.hash ? document.getElementById(location.hash.slice(1)) : null;
  let first = true;
  for (const [head, parts] of groups(table)) {
    const cell = /** @type {HTMLElement} */ (head.firstElementChild);
    const button = cell.querySelector("button");
    if (narrow.matches && !button) {
      const made = document.createElement("button");
      made.append(...cell.childNodes);
      made.addEventListener("click", () => set(head, parts, made.getAttribute("aria-expanded") !== "true"));
      cell.append(made);
      set(head, parts, first || (wanted !== null && parts.has(wanted)));
    } else if (!narrow.matches && button) {
      set(head, parts, true);
      button.replaceWith(...button.childNodes);
    }
    first = false;
  }
}

for (const table of /** @type {NodeListOf<HTMLTableElement>} */ (document.querySelectorAll("table.folds"))) {
  fold(table);
  narrow.addEventListener("change", () => fold(table));
}
if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
