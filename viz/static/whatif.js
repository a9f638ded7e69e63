// @ts-check
// The what-if page with JavaScript: elements are offered while one types. Without it the form asks the server.

/** @typedef {{element: string, kind: string, name_zh: string, short_zh: string | null, name_en: string | null}} Element_ */

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("adder"));
const input = /** @type {HTMLInputElement | null} */ (form?.querySelector("input[name=add]") ?? null);
const list = document.getElementById("offers");
const english = document.documentElement.lang === "en";
let asked = "";

/** The option that the arrows have reached. */
const active = () => /** @type {HTMLElement | null} */ (list?.querySelector("[aria-selected=true]") ?? null);

/** Close the list. */
function close() {
  if (!list || !input) return;
  list.hidden = true;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

/** @param {Element_[]} items */
function offer(items) {
  if (!list || !input) return;
  /** @type {Record<string, string>} */
  const kinds = JSON.parse(list.dataset.kinds ?? "{}");
  list.replaceChildren(
    ...items.map((item, at) => {
      const option = document.createElement("li"), kind = document.createElement("small");
      option.setAttribute("role", "option");
      option.id = `offer-${at}`;
      option.dataset.element = item.element;
      option.textContent = (english ? item.name_en : item.short_zh) ?? item.name_zh;
      kind.textContent = kinds[item.kind] ?? item.kind;
      option.append(kind);
      return option;
    }),
  );
  list.hidden = items.length === 0;
  input.setAttribute("aria-expanded", String(items.length > 0));
}

/** Ask for what the text may mean; an answer that comes late is dropped. */
async function ask() {
  if (!input) return;
  const text = input.value.trim();
  asked = text;
  if (!text) return close();
  const answer = await fetch(`/api/v1/elements?limit=10&q=${encodeURIComponent(text)}`);
  if (answer.ok && asked === text) offer((await answer.json()).items);
}

/** @param {HTMLElement | null} option */
function choose(option) {
  if (!option?.dataset.element || !input || !form) return;
  input.value = option.dataset.element;
  close();
  form.requestSubmit();
}

/** @param {number} by */
function move(by) {
  if (!list || !input) return;
  const all = /** @type {HTMLElement[]} */ ([...list.children]);
  const now = active();
  const next = all[(all.indexOf(/** @type {HTMLElement} */ (now)) + by + all.length) % all.length] ?? all[0];
  now?.removeAttribute("aria-selected");
  next?.setAttribute("aria-selected", "true");
  if (next) input.setAttribute("aria-activedescendant", next.id);
  next?.scrollIntoView({ block: "nearest" });
}

/** @type {number | undefined} */
let timer;
input?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, 120);
});
input?.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return close();
  if (list?.hidden !== false) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && active()) {
    event.preventDefault();
    choose(active());
  }
});
list?.addEventListener("mousedown", (event) => {
  event.preventDefault();
  choose(/** @type {HTMLElement} */ (event.target).closest("li"));
});
input?.addEventListener("blur", close);

const copy = document.getElementById("copy");
if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(location.href);
    copy.textContent = copy.dataset.done ?? "";
  });
}
