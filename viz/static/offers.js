// @ts-check
// Offers under a box while one types, by kind: arrows move, Enter takes one, Escape closes. An answer that comes late is
// dropped.

/** @typedef {{value: string, text: string, note?: string, group?: string}} Offer */

/**
 * @param {HTMLInputElement} input a combobox
 * @param {HTMLElement} list its listbox, with an id
 * @param {(text: string) => Promise<Offer[] | null>} find what a text may mean; nothing where that cannot be had
 * @param {(value: string) => void} choose
 */
export function offers(input, list, find, choose) {
  const all = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=option]")]);
  const active = () => /** @type {HTMLElement | null} */ (list.querySelector("[aria-selected=true]"));
  let asked = "";
  /** @type {number | undefined} */
  let timer;

  function close() {
    asked = "";
    clearTimeout(timer);
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  /** @param {Offer[]} found */
  function show(found) {
    /** @type {Map<string, HTMLElement>} */
    const groups = new Map();
    list.replaceChildren();
    for (const [at, offer] of found.entries()) {
      let place = list;
      if (offer.group) {
        place = groups.get(offer.group) ?? list.appendChild(document.createElement("div"));
        if (!groups.has(offer.group)) {
          const head = place.appendChild(document.createElement("b"));
          head.textContent = offer.group;
          head.setAttribute("aria-hidden", "true");
          place.setAttribute("role", "group");
          place.setAttribute("aria-label", offer.group);
          groups.set(offer.group, place);
        }
      }
      const option = place.appendChild(document.createElement("div"));
      option.setAttribute("role", "option");
      option.id = `${list.id}-${at}`;
      option.dataset.value = offer.value;
      option.textContent = offer.text;
      if (offer.note) option.appendChild(document.createElement("small")).textContent = offer.note;
    }
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
  }

  async function ask() {
    const text = input.value.trim();
    if (!text) return close();
    asked = text;
    const found = await find(text);
    if (found && asked === text) show(found);
  }

  /** @param {number} by */
  function move(by) {
    const options = all(), now = active();
    const at = now ? options.indexOf(now) + by : by > 0 ? 0 : -1;
    const next = options[(at + options.length) % options.length];
    now?.removeAttribute("aria-selected");
    next?.setAttribute("aria-selected", "true");
    if (next) input.setAttribute("aria-activedescendant", next.id);
    next?.scrollIntoView({ block: "nearest" });
  }

  /** @param {HTMLElement | null} option */
  function take(option) {
    if (option?.dataset.value === undefined) return;
    const value = option.dataset.value;
    close();
    choose(value);
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault(); // else the browser empties the box as well
      return close();
    }
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && active()) {
      event.preventDefault();
      take(active());
    }
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    take(/** @type {HTMLElement} */ (event.target).closest("[role=option]"));
  });
  input.addEventListener("blur", close);
}
