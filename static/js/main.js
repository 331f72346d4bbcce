// Finds elements with data-behaviour="name …" and hands each to behaviours/name.js, loaded only where needed.
// Every page works without this file; behaviours add comfort, never function.
export function liven(root) {
  for (const element of root.querySelectorAll("[data-behaviour]")) {
    for (const name of element.dataset.behaviour.split(" ")) {
      import(`./behaviours/${name}.js`).then((module) => module.default(element));
    }
  }
}

liven(document);

// What is wrong comes first: a page that came back with problems puts the reader there.
document.querySelector(".problems")?.focus();

// "/" leads to the search: to its field where there is one, else to its page. Switched off with the other single keys (WCAG 2.1.4).
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (localStorage.getItem("consult.keys-off") !== null || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  const field = document.getElementById("s-q");
  if (!field) return document.querySelector("[aria-keyshortcuts='/']")?.click();
  field.focus();
  field.select();
});
