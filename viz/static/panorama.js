// @ts-check
// The panorama with JavaScript: a click changes the page in place, links are drawn between the tiles, keys move.
// What a page shows is decided by the server from the address; without this file every tile is a plain link.

import { swap } from "./swap.js";

/** @typedef {[need: string, user: string, up: boolean, step: number]} Link */
/** @typedef {{left: number, right: number, top: number, bottom: number, column: number}} Cell */

const PITCH = 33;
const main = /** @type {HTMLElement} */ (document.getElementById("main"));

/** @param {string} id @returns {HTMLElement} */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const canvas = () => byId("canvas");

/**
 * The tile of a product, or the fold that hides it.
 * @param {string} id
 * @returns {HTMLElement | null}
 */
function anchor(id) {
  const tile = document.getElementById(`p-${id}`);
  const fold = tile?.closest("details");
  return fold && !fold.open ? fold.querySelector("summary") : tile;
}

/**
 * Where a tile stands on the canvas.
 * @param {HTMLElement} tile
 * @returns {Cell}
 */
function cell(tile) {
  const box = canvas().getBoundingClientRect();
  const item = /** @type {HTMLElement} */ (tile.closest("li")).getBoundingClientRect();
  const own = tile.getBoundingClientRect();
  const column = Number(/** @type {HTMLElement} */ (tile.closest(".col")).dataset.col);
  return { left: item.left - box.left, right: item.right - box.left, top: own.top - box.top, bottom: own.bottom - box.top, column };
}

/**
 * Offset of a trunk, so that links of neighbouring rows do not lie on each other.
 * @param {Cell} at
 */
const offset = (at) => ((Math.round(at.top / PITCH) % 3) - 1) * 3;

/**
 * The corners of a link: horizontals in the streets between rows, verticals in the gutters between columns.
 * @param {Cell} a @param {Cell} b @returns {[number, number][]}
 */
function corners(a, b) {
  const y1 = (a.top + a.bottom) / 2, y2 = (b.top + b.bottom) / 2, gutter = 10, ja = offset(a), jb = offset(b);
  if (a.column === b.column) {
    const x = a.right + gutter + ja;
    return [[a.right, y1], [x, y1], [x, y2], [b.right, y2]];
  }
  const forward = a.column < b.column;
  const x1 = forward ? a.right : a.left, x2 = forward ? b.left : b.right;
  const g1 = forward ? x1 + gutter + ja : x1 - gutter + ja, g2 = forward ? x2 - gutter + jb : x2 + gutter + jb;
  if (Math.abs(a.column - b.column) === 1) return [[x1, y1], [g1, y1], [g1, y2], [x2, y2]];
  const street = y2 > y1 ? b.top - 3 : b.bottom + 3;
  return [[x1, y1], [g1, y1], [g1, street], [g2, street], [g2, y2], [x2, y2]];
}

/**
 * A path with rounded corners.
 * @param {[number, number][]} points
 */
function rounded(points, radius = 5) {
  let text = `M${points[0]}`;
  for (let i = 1; i < points.length - 1; i++) {
    const [x0, y0] = points[i - 1], [x, y] = points[i], [x1, y1] = points[i + 1];
    const d0 = Math.hypot(x - x0, y - y0), d1 = Math.hypot(x1 - x, y1 - y), k = Math.min(radius, d0 / 2, d1 / 2);
    text += k < 0.5 ? `L${x} ${y}`
      : `L${x - ((x - x0) / d0) * k} ${y - ((y - y0) / d0) * k}Q${x} ${y} ${x + ((x1 - x) / d1) * k} ${y + ((y1 - y) / d1) * k}`;
  }
  return `${text}L${points[points.length - 1]}`;
}

/** Draw the links of the focus; on a phone there is no room for them. */
function draw() {
  const group = /** @type {SVGGElement} */ (canvas().querySelector("svg.lk g"));
  group.replaceChildren();
  if (matchMedia("(max-width:760px)").matches) return;
  /** @type {Link[]} */
  const links = JSON.parse(byId("links").textContent ?? "[]");
  const done = new Set();
  for (const [need, user, up, step] of links) {
    const from = anchor(need), to = anchor(user);
    if (!from || !to || from === to) continue;
    const a = cell(from), b = cell(to), key = [a.column, a.top, b.column, b.top].join();
    if (done.has(key)) continue;
    done.add(key);
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("class", `${up ? "u" : "d"}${step > 1 ? 2 : 1}`);
    path.setAttribute("d", rounded(corners(a, b)));
    if (step === 1) path.setAttribute("marker-end", `url(#m${up ? "u" : "d"})`);
    group.append(path);
  }
}

/** All tiles and folds that can be seen, column by column. @returns {HTMLElement[]} */
const stops = () => /** @type {HTMLElement[]} */ ([...canvas().querySelectorAll(".tl, .fold > summary")]).filter((tile) => tile.offsetParent);

/**
 * Make one tile the only one that Tab reaches.
 * @param {HTMLElement | undefined | null} tile
 */
function rove(tile) {
  if (!tile) return;
  for (const other of stops()) other.tabIndex = -1;
  tile.tabIndex = 0;
}

/** The address of the page before the last change, to tell whether a new one is wanted. */
let shown = location.href;

/**
 * Show another state of the page, in place.
 * @param {string} address
 * @param {boolean} remember
 */
async function show(address, remember) {
  const stage = byId("stage").scrollTop, list = document.querySelector("#side .scroll")?.scrollTop ?? 0;
  const sameSide = new URL(address).searchParams.has("p") === new URL(shown).searchParams.has("p");
  const open = new Set([...document.querySelectorAll(".sg")].filter((s) => s.querySelector("details.fold[open]")).map((s) => s.getAttribute("aria-label")));
  await swap(main, address, "#canvas", () => {
    if (!new URL(address).searchParams.has("all")) {
      for (const s of document.querySelectorAll(".sg")) if (open.has(s.getAttribute("aria-label"))) s.querySelector("details.fold")?.setAttribute("open", "");
    }
    if (remember) history.pushState(null, "", address);
    shown = location.href;
    byId("stage").scrollTop = stage;
    const side = document.querySelector("#side .scroll");
    if (side && sameSide) side.scrollTop = list;
    ready();
  });
}

/** After a page or a new state has come: draw, and keep the keyboard where it was. */
function ready() {
  draw();
  const focused = /** @type {HTMLElement | null} */ (canvas().querySelector(".tl.me"));
  rove(focused ?? stops()[0]);
  const phone = matchMedia("(max-width:760px)").matches;
  focused?.scrollIntoView({ block: phone ? "start" : "nearest", inline: "nearest" });
}

main.addEventListener("click", (event) => {
  const at = /** @type {HTMLElement} */ (event.target);
  const link = /** @type {HTMLAnchorElement | null} */ (at.closest("a"));
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (link && plain && link.pathname === location.pathname && !link.hasAttribute("download")) {
    event.preventDefault();
    const tile = link.closest(".tl")?.getAttribute("data-id");
    show(link.href, true).then(() => tile && anchor(tile)?.focus({ preventScroll: true }));
  } else if (at.closest("#canvas") && !at.closest("a, summary")) {
    leave();
  }
});

/** Leave the focus. */
function leave() {
  const back = /** @type {HTMLAnchorElement | null} */ (document.getElementById("back"));
  const id = canvas().querySelector(".tl.me")?.getAttribute("data-id");
  if (back) show(back.href, true).then(() => id && anchor(id)?.focus({ preventScroll: true }));
}

/**
 * The tile that a key leads to.
 * @param {HTMLElement} tile
 * @param {string} key
 * @returns {HTMLElement | null | undefined}
 */
function towards(tile, key) {
  const here = tile.closest(".col"), column = Number(/** @type {HTMLElement} */ (here).dataset.col);
  const inColumn = stops().filter((other) => other.closest(".col") === here);
  if (key === "ArrowDown") return inColumn[inColumn.indexOf(tile) + 1];
  if (key === "ArrowUp") return inColumn[inColumn.indexOf(tile) - 1];
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const beside = column + (key === "ArrowRight" ? 1 : -1), y = tile.getBoundingClientRect().top;
    /** @param {HTMLElement} other */
    const far = (other) => Math.abs(other.getBoundingClientRect().top - y);
    return stops().filter((other) => Number(/** @type {HTMLElement} */ (other.closest(".col")).dataset.col) === beside).sort((a, b) => far(a) - far(b))[0];
  }
  if (key === "[" || key === "]") {
    /** @type {Link[]} */
    const links = JSON.parse(byId("links").textContent ?? "[]");
    const id = tile.dataset.id;
    const next = key === "[" ? links.find(([, user]) => user === id)?.[0] : links.find(([need]) => need === id)?.[1];
    return next ? anchor(next) : null;
  }
  return null;
}

main.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return leave();
  const tile = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest("#canvas .tl, #canvas summary"));
  const to = tile && towards(tile, event.key);
  if (to) {
    event.preventDefault();
    rove(to);
    to.focus();
  }
});

main.addEventListener("focusin", (event) => rove(/** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest("#canvas .tl, #canvas summary"))));
main.addEventListener("toggle", draw, true);
addEventListener("resize", draw);
addEventListener("popstate", () => show(location.href, false));
document.fonts.ready.then(draw);
ready();
