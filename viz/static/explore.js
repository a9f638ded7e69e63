// @ts-check
// The exploration with JavaScript: a click changes the page in place, the picture is dragged, keys move the focus.
// What there is to see is decided by the server from the address; without this file every tile is a plain link.

import { swap } from "./swap.js";

const COLUMN = 260, ROW = 34;
const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const stage = () => /** @type {HTMLElement | null} */ (document.getElementById("stage"));
const nodes = () => /** @type {SVGAElement[]} */ ([...document.querySelectorAll("#graph .node")]);
const me = () => /** @type {SVGAElement | null} */ (document.querySelector("#graph .node.me"));
/** @param {string} id */
const follow = (id) => {
  const link = /** @type {HTMLAnchorElement | null} */ (document.getElementById(id));
  if (link?.href) show(link.href, true);
};

/**
 * Make one tile the only one that Tab reaches.
 * @param {SVGAElement | undefined | null} node
 */
function rove(node) {
  if (!node) return;
  for (const other of nodes()) other.setAttribute("tabindex", "-1");
  node.setAttribute("tabindex", "0");
}

/** Where the picture stands: what is at the upper left, in cells, and how far it is scrolled. */
function position() {
  const at = stage();
  return at && { left: Number(at.dataset.left), top: Number(at.dataset.top), zoom: Number(at.dataset.zoom) / 100, x: at.scrollLeft, y: at.scrollTop };
}

/**
 * Keep every tile where it was on the screen, though the picture may have grown to the left or upwards.
 * @param {ReturnType<typeof position>} before
 */
function keep(before) {
  const at = stage(), now = position();
  if (!at || !before || !now) return centre();
  const scale = now.zoom / before.zoom;
  const x = before.x * scale + (before.left - now.left) * COLUMN * now.zoom, y = before.y * scale + (before.top - now.top) * ROW * now.zoom;
  at.scrollTo(x, y);
}

/** Bring the tile in focus, or the first one, to the middle. */
function centre() {
  const at = stage(), node = me() ?? nodes()[0];
  if (!at || !node) return;
  const box = node.getBoundingClientRect(), own = at.getBoundingClientRect();
  at.scrollBy(box.left + box.width / 2 - own.left - at.clientWidth / 2, box.top + box.height / 2 - own.top - at.clientHeight / 2);
}

/**
 * Show another state of the page, in place.
 * @param {string} address
 * @param {boolean} remember
 */
async function show(address, remember) {
  const before = position(), list = document.querySelector("#side .scroll")?.scrollTop ?? 0, key = me()?.dataset.key;
  await swap(main, address, "*", (answered) => {
    if (remember) history.pushState(null, "", answered);
    keep(before);
    const side = document.querySelector("#side .scroll");
    if (side && me()?.dataset.key === key) side.scrollTop = list;
    ready();
  });
}

/** After a page or a new state has come. */
function ready() {
  rove(me() ?? nodes()[0]);
  const png = document.getElementById("png");
  if (png) png.hidden = false;
}

/**
 * Save the picture as PNG, twice as fine as the screen.
 * @param {string} address
 */
async function save(address) {
  const text = await (await fetch(address)).text();
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const scale = Math.min(2, Math.sqrt(60e6 / (image.width * image.height))); // browsers refuse larger canvases
  const canvas = document.createElement("canvas");
  canvas.width = image.width * scale;
  canvas.height = image.height * scale;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const link = document.createElement("a");
  link.href = canvas.toDataURL("image/png");
  link.download = "liantu-explore.png";
  link.click();
}

main.addEventListener("click", (event) => {
  const at = /** @type {Element} */ (event.target), link = at.closest("a");
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (!link || !plain) return;
  const address = link instanceof SVGAElement ? new URL(link.href.baseVal, location.href).href : link.href;
  if (link.id === "png") {
    event.preventDefault();
    save(address);
  } else if (new URL(address).pathname === location.pathname && !link.hasAttribute("download")) {
    event.preventDefault();
    if (!dragged) show(address, true).then(() => link instanceof SVGAElement && me()?.focus({ preventScroll: true }));
  }
});

main.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (new URL(form.action).pathname !== location.pathname) return;
  event.preventDefault();
  const words = new URLSearchParams();
  for (const [name, value] of new FormData(form)) words.append(name, String(value));
  show(`${form.action.split("?")[0]}?${words}`, true);
});

// -- dragging the picture: the browser scrolls, so that tiles are drawn once ---

let dragged = false;
/** @type {{x: number, y: number, left: number, top: number, id: number} | null} */
let held = null;
main.addEventListener("pointerdown", (event) => {
  const at = stage();
  dragged = false;
  if (!at || event.button !== 0 || event.pointerType === "touch" || !at.contains(/** @type {Node} */ (event.target))) return;
  held = { x: event.clientX, y: event.clientY, left: at.scrollLeft, top: at.scrollTop, id: event.pointerId };
});
addEventListener("pointermove", (event) => {
  const at = stage();
  if (!at || !held || event.pointerId !== held.id) return;
  const dx = event.clientX - held.x, dy = event.clientY - held.y;
  if (!dragged && Math.hypot(dx, dy) < 5) return;
  dragged = true;
  at.classList.add("held");
  at.scrollTo(held.left - dx, held.top - dy);
});
addEventListener("pointerup", () => {
  held = null;
  stage()?.classList.remove("held");
  if (dragged) setTimeout(() => (dragged = false), 0); // the click that ends a drag is none
});
main.addEventListener("dragstart", (event) => event.preventDefault());

// -- keys ---

/**
 * The nearest tile in a direction.
 * @param {SVGAElement} from
 * @param {string} key
 */
function towards(from, key) {
  const x = Number(from.dataset.x), y = Number(from.dataset.y);
  const dx = key === "ArrowLeft" ? -1 : key === "ArrowRight" ? 1 : 0, dy = key === "ArrowUp" ? -1 : key === "ArrowDown" ? 1 : 0;
  if (!dx && !dy) return null;
  /** @param {SVGAElement} node */
  const far = (node) => {
    const h = Number(node.dataset.x) - x, v = Number(node.dataset.y) - y;
    const along = h * dx + v * dy, across = Math.abs(dx ? v : h);
    return along > 0 && (dx || across < 1) ? along + across / 2 : Infinity;
  };
  return nodes().filter((node) => far(node) < Infinity).sort((a, b) => far(a) - far(b))[0];
}

document.addEventListener("keydown", (event) => {
  const at = /** @type {Element} */ (event.target);
  if (at.matches("input, select, textarea")) return;
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key.toLowerCase() === "z") follow(event.shiftKey ? "redo" : "undo");
  else if (command && event.key.toLowerCase() === "y") follow("redo");
  else if (event.key === "Escape" && me()) follow("back");
  else if (event.key === "Delete" && me()) follow("drop");
  else {
    const node = /** @type {SVGAElement | null} */ (at.closest("#graph .node"));
    const to = node && !command ? towards(node, event.key) : null;
    if (!to) return;
    rove(to);
    to.focus();
  }
  event.preventDefault();
});
main.addEventListener("focusin", (event) => rove(/** @type {SVGAElement | null} */ (/** @type {Element} */ (event.target).closest("#graph .node"))));
addEventListener("popstate", () => show(location.href, false));

ready();
centre();
