// @ts-check
// The what-if page with JavaScript: elements are offered while one types. Without it the form asks the server.

import { offers } from "./offers.js";

/** @typedef {{element: string, kind: string, name_zh: string, short_zh: string | null, name_en: string | null}} Element_ */

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("adder"));
const input = /** @type {HTMLInputElement | null} */ (form?.querySelector("input[name=add]") ?? null);
const list = document.getElementById("offers");
const english = document.documentElement.lang === "en";

if (form && input && list) {
  /** @type {Record<string, string>} */
  const kinds = JSON.parse(list.dataset.kinds ?? "{}");
  const find = async (/** @type {string} */ text) => {
    const answer = await fetch(`/api/v1/elements?limit=10&q=${encodeURIComponent(text)}`);
    if (!answer.ok) return null;
    /** @type {Element_[]} */
    const items = (await answer.json()).items;
    return items.map((item) => ({
      value: item.element,
      text: (english ? item.name_en : item.short_zh) ?? item.name_zh,
      note: kinds[item.kind] ?? item.kind,
    }));
  };
  offers(input, list, find, (value) => {
    input.value = value;
    form.requestSubmit();
  });
}

const copy = document.getElementById("copy");
if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(location.href);
    copy.textContent = copy.dataset.done ?? "";
  });
}
