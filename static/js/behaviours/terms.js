// Opens and closes what a term means, beneath its clause. The explanations are on the page; they stay outside of its text.
export default function terms(term) {
  if (term.getAttribute("aria-expanded") === "true") close(term);
  else open(term);
}

const meaning = (term) => document.getElementById(decodeURIComponent(term.hash.slice(1)));
const box = (term) => meaning(term).closest(".meanings");
const opened = (place) => [...place.closest(".cl").querySelectorAll("a.term[aria-expanded='true']")].filter((term) => box(term) === place);

function open(term) {
  const place = box(term);
  term.setAttribute("aria-expanded", "true");
  term.setAttribute("aria-controls", meaning(term).id);
  show(place);
  if (!place.dataset.ready) watch(place);
  const { bottom } = place.getBoundingClientRect();
  if (bottom > innerHeight) scrollBy({ top: Math.min(bottom - innerHeight + 16, term.getBoundingClientRect().top - 16) });
}

function close(term) {
  term.setAttribute("aria-expanded", "false");
  show(box(term));
}

// Only what was asked for shows; with nothing asked for, the whole is away.
function show(place) {
  const wanted = opened(place).map((term) => meaning(term));
  for (const one of place.querySelectorAll("dl > div")) one.hidden = !wanted.includes(one);
  place.classList.toggle("on", wanted.length > 0);
  place.open = wanted.length > 0;
}

// Its own heading closes it, and so does Escape, which leads back to the word.
function watch(place) {
  place.dataset.ready = "";
  const shut = () => {
    const [first] = opened(place);
    for (const term of opened(place)) close(term);
    return first;
  };
  place.addEventListener("toggle", () => {
    if (place.open || !place.classList.contains("on")) return;
    const inside = place.contains(document.activeElement);
    const first = shut();
    if (inside) first?.focus();
  });
  place.closest(".cl").addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !place.classList.contains("on")) return;
    event.preventDefault();
    shut()?.focus();
  });
}
