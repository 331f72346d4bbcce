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
