// @ts-check
// What every page can do with JavaScript: "/" goes to the search box, a segmented control is one stop of Tab and arrows
// move in it, an open menu closes. All else works without.

document.addEventListener("keydown", (event) => {
  const at = /** @type {HTMLElement} */ (event.target);
  if (event.key !== "/" || event.ctrlKey || event.metaKey || at.matches("input, select, textarea")) return;
  const box = /** @type {HTMLInputElement | null} */ (document.querySelector(".find input"));
  if (box && box.offsetParent) {
    event.preventDefault();
    box.focus();
  }
});

/**
 * The parts of a segmented control.
 * @param {Element} control
 */
const parts = (control) => /** @type {HTMLElement[]} */ ([...control.querySelectorAll("a, button")]);

/** Let Tab reach only the chosen part of each segmented control. */
function rove() {
  for (const control of document.querySelectorAll(".seg")) {
    const all = parts(control), chosen = all.find((part) => part.matches("[aria-current=true], [aria-pressed=true]")) ?? all[0];
    for (const part of all) part.tabIndex = part === chosen ? 0 : -1;
  }
}

document.addEventListener("keydown", (event) => {
  const control = /** @type {HTMLElement} */ (event.target).closest(".seg");
  const by = new Map([["ArrowRight", 1], ["ArrowDown", 1], ["ArrowLeft", -1], ["ArrowUp", -1]]).get(event.key);
  if (!control || !by) return;
  event.preventDefault();
  const all = parts(control), at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const next = all[(at + by + all.length) % all.length];
  for (const part of all) part.tabIndex = part === next ? 0 : -1;
  next.focus();
});

document.addEventListener("click", (event) => {
  const menu = document.querySelector(".menu[open]");
  if (menu && !menu.contains(/** @type {Node} */ (event.target))) menu.removeAttribute("open");
});
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector(".menu[open]");
  if (event.key !== "Escape" || !menu) return;
  menu.removeAttribute("open");
  menu.querySelector("summary")?.focus();
});

rove();
const swapped = document.getElementById("main");
if (swapped) new MutationObserver(rove).observe(swapped, { childList: true });
