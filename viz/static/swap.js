// @ts-check
// Another state of the same page put in its place, without a new load; a state that cannot be had is loaded as a page.

/**
 * @param {HTMLElement} main what is replaced
 * @param {string} address
 * @param {string} holds what the new state must hold
 * @param {(address: string) => void} done called with the address that answered
 */
export async function swap(main, address, holds, done) {
  document.body.classList.add("waiting");
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = next.getElementById("main");
    if (!answer.ok || !fresh?.querySelector(holds)) throw new Error(String(answer.status));
    main.replaceChildren(...fresh.childNodes);
    for (const language of document.querySelectorAll(".lang a")) {
      const other = next.querySelector(`.lang a[lang="${language.getAttribute("lang")}"]`);
      if (other) language.setAttribute("href", other.getAttribute("href") ?? "");
    }
    document.title = next.title;
    done(answer.url);
  } catch {
    location.href = address;
  } finally {
    document.body.classList.remove("waiting");
  }
}
