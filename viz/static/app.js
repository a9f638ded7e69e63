// @ts-check
// What every page can do with JavaScript: "/" goes to the search box, which offers what it finds; a segmented control is
// one stop of Tab and arrows move in it; an open menu closes. All else works without.

import { offers } from "./offers.js";

const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("form[action='/search'] input[name=q]"));

document.addEventListener("keydown", (event) => {
  const at = /** @type {HTMLElement} */ (event.target);
  if (event.key !== "/" || event.ctrlKey || event.metaKey || at.matches("input, select, textarea")) return;
  const box = [...boxes].find((one) => one.offsetParent);
  if (box) {
    event.preventDefault();
    box.focus();
  }
});

/** @typedef {{kind: string, id: string, name_zh: string, short_zh: string | null, name_en: string | null, why: string, matched: string}} Match */

const english = document.documentElement.lang === "en";
for (const input of boxes) {
  const list = input.parentElement?.querySelector("[role=listbox]");
  if (!(list instanceof HTMLElement)) continue;
  /** @type {Record<string, string>} */
  const kinds = JSON.parse(list.dataset.kinds ?? "{}");
  const find = async (/** @type {string} */ text) => {
    const answer = await fetch(`/api/v1/search?limit=50&kinds=${Object.keys(kinds)}&q=${encodeURIComponent(text)}`);
    if (!answer.ok) return null;
    /** @type {Match[]} */
    const items = (await answer.json()).items;
    /** @type {Map<string, number>} */
    const seen = new Map();
    const few = items.filter(({ kind }) => seen.set(kind, (seen.get(kind) ?? 0) + 1) && Number(seen.get(kind)) <= 4);
    return few.map((item) => {
      const shown = (english ? item.name_en : item.short_zh) ?? item.name_zh;
      const note = /name|initials|pinyin/.test(item.why) || item.matched === shown ? "" : item.matched;
      return { value: `/${item.kind}s/${item.id}`, text: shown, note, group: kinds[item.kind] };
    });
  };
  offers(input, list, find, (path) => {
    location.href = english ? `${path}?lang=en` : path;
  });
}

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

addEventListener("beforeprint", () => {
  const day = document.getElementById("printed");
  if (day) day.textContent = `· ${new Date().toLocaleDateString(english ? "en-GB" : "zh-CN")}`;
});

// On a phone the navigation is longer than the screen: the page one is on is brought into sight.
const here = document.querySelector(".mnav [aria-current]");
if (here instanceof HTMLElement && here.parentElement) {
  here.parentElement.scrollLeft = here.offsetLeft - (here.parentElement.clientWidth - here.offsetWidth) / 2;
}
