// The reading room: comments open beside the text, which stays where it is; single keys for those who read with keys.
import { liven } from "../main.js";

const WIDE = matchMedia("(width >= 64rem)");
const OFF = "consult.keys-off";

export default function reading(room) {
  const book = room.querySelector(".book");
  let latest = 0; // of the answers that are on their way only the last one counts

  // Put another state of this page into place: `address` is a page of the reading room, `key` the clause that stays put.
  async function go(address, key, { isNew = true, focus = "" } = {}) {
    const turn = ++latest;
    let fresh;
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      location.assign(address);
      return;
    }
    const text = fresh.querySelector(".book");
    if (turn !== latest || !text) return;
    const before = clause(key)?.getBoundingClientRect().top;
    book.replaceChildren(...text.childNodes);
    document.title = fresh.title;
    if (isNew) history.pushState({ key }, "", address);
    if (before !== undefined) scrollBy({ top: clause(key).getBoundingClientRect().top - before, behavior: "instant" });
    liven(book);
    if (focus) book.querySelector(focus)?.focus({ preventScroll: true });
  }

  const clause = (key) => key && document.getElementById(`c-${key}`);
  const keyOf = (element) => element.id.slice(2);

  room.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-open], a[data-close]");
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !isPlain || !WIDE.matches) return;
    event.preventDefault();
    const key = link.dataset.open ?? new URL(link.href).hash.slice(3);
    const focus = link.matches("[data-close]") ? `[id="c-${key}"] .mk a.when-wide` : link.matches("[data-write]") ? "#letters textarea" : "#h-let";
    go(link.href, key, { focus });
  });

  // Most readers only read: what selecting words needs is loaded when somebody does.
  document.addEventListener("selectionchange", () => import("./select-words.js").then((module) => module.default(room)), { once: true });

  // So is what asks whether something new has been said.
  const sign = document.querySelector("[data-news]");
  if (sign) setTimeout(() => import("./news.js").then((module) => module.default(sign)), 30_000);

  addEventListener("popstate", (event) => go(location.href, event.state?.key, { isNew: false }));

  // Single keys act only where one reads: never while typing, and they can be switched off (WCAG 2.1.4).
  const dialog = document.getElementById("keys");
  const switched = document.getElementById("keys-on");
  switched.checked = localStorage.getItem(OFF) === null;
  switched.addEventListener("change", () => (switched.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
  const opener = document.getElementById("show-keys");
  opener.hidden = false;
  opener.addEventListener("click", () => dialog.showModal());

  const clauses = () => [...book.querySelectorAll(".cl")];
  function current() {
    const focused = document.activeElement.closest?.(".cl");
    if (focused) return focused;
    return book.querySelector(".cl.open") ?? clauses().find((c) => c.getBoundingClientRect().bottom > 80);
  }
  function step(by) {
    const all = clauses();
    const isAt = document.activeElement.closest?.(".cl") ?? book.querySelector(".cl.open");
    const next = isAt ? all[all.indexOf(isAt) + by] : current();
    if (!next) return;
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
  function open(isWriting) {
    const here = current();
    if (!here) return;
    const key = keyOf(here);
    if (!WIDE.matches) {
      here.querySelector(".mk a.when-narrow")?.click();
      return;
    }
    if (isWriting && !("takesComments" in room.dataset)) return;
    const query = `?at=${encodeURIComponent(key)}${isWriting ? "&write=1" : ""}#c-${key}`;
    go(location.pathname + query, key, { focus: isWriting ? "#letters textarea, #letters .way-in a" : "#h-let" });
  }
  const acts = {
    j: () => step(1),
    k: () => step(-1),
    o: () => open(false),
    c: () => {
      const picked = room.querySelector(".picked:not([hidden]) a");
      if (picked) picked.click();
      else open(true);
    },
    q: () => {
      const here = current();
      if (here) location.assign(location.pathname.replace(/[^/]+$/, `clauses/${encodeURIComponent(keyOf(here))}/passages`));
    },
    Escape: () => book.querySelector("a[data-close]")?.click(),
    "?": () => dialog.showModal(),
  };
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (dialog.open || event.target.closest("input, textarea, select, [contenteditable]")) return;
    const isOn = switched.checked || event.key === "Escape";
    if (!isOn || !(event.key in acts)) return;
    event.preventDefault();
    acts[event.key]();
  });
}
