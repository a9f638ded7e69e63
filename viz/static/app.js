// @ts-check
// What every page can do with JavaScript: "/" goes to the search box. All else works without.

document.addEventListener("keydown", (event) => {
  const at = /** @type {HTMLElement} */ (event.target);
  if (event.key !== "/" || event.ctrlKey || event.metaKey || at.matches("input, select, textarea")) return;
  const box = /** @type {HTMLInputElement | null} */ (document.querySelector(".find input"));
  if (box && box.offsetParent) {
    event.preventDefault();
    box.focus();
  }
});
