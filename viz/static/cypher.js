// @ts-check
// The console with JavaScript: Ctrl+Enter runs. The form does all else.

const box = /** @type {HTMLTextAreaElement} */ (document.getElementById("statement"));
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) box.form?.requestSubmit();
});
