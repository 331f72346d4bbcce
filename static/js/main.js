// Finds elements with data-behaviour="name …" and hands each to behaviours/name.js, loaded only where needed; where
// several are, the server sends them as one file, behaviours/name+other.js.
// Every page works without this file; behaviours add comfort, never function.
const loading = new Map(); // by name, so that none is loaded twice

function load(names) {
  const fresh = [...new Set(names)].filter((name) => !loading.has(name)).sort();
  if (fresh.length === 0) return;
  const file = import(`./behaviours/${fresh.join("+")}.js`);
  for (const name of fresh) loading.set(name, file.then((module) => (fresh.length === 1 ? module.default : module.default[name])));
}

export function liven(root) {
  for (const term of root.querySelectorAll("a.term")) if (meaningOf(term)) term.setAttribute("aria-expanded", "false");
  const elements = [...root.querySelectorAll("[data-behaviour]")];
  load(elements.flatMap((element) => element.dataset.behaviour.split(" ")));
  for (const element of elements) {
    for (const name of element.dataset.behaviour.split(" ")) loading.get(name).then((behave) => behave(element));
  }
}

// Where a term of a clause is explained; none on pages that explain it elsewhere.
function meaningOf(term) {
  return document.getElementById(decodeURIComponent(term.hash.slice(1)))?.closest(".meanings");
}

liven(document);

// A term opens what it means beneath its clause; most readers open few, so the code for it comes with the first.
addEventListener("click", (event) => {
  const term = event.target.closest("a.term[aria-expanded]");
  if (!term || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (!getSelection().isCollapsed && getSelection().containsNode(term, true)) return; // its words are being selected
  import("./behaviours/terms.js").then((module) => module.default(term), () => location.assign(term.hash));
});

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
