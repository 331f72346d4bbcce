// Words selected by mouse, touch or keyboard become what a comment is about: `key:start-end`, in code points of the
// clause's plain text. That text is made here from the page just as parsed.words_of makes it from the HTML.
const ENDS = new Set("P LI DT DD TD TH TR CAPTION FIGCAPTION BLOCKQUOTE PRE BR".split(" ")); // each is followed by a blank
const BLANK = /[\t-\r\x1c-\x20\x85\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const PAUSE = 150; // ms without a change before the bar comes or goes: a tap on it first ends the selection

// The code points of a clause's text, each with the place it stands at.
export function lettersOf(root) {
  const raw = [];
  (function walk(node) {
    for (const child of node.childNodes) {
      let at = 0;
      if (child.nodeType === Node.TEXT_NODE) for (const letter of child.data) raw.push({ letter, node: child, from: at, to: (at += letter.length) });
      else if (child.nodeType === Node.ELEMENT_NODE) {
        walk(child);
        if (ENDS.has(child.tagName)) raw.push({ letter: " " });
      }
    }
  })(root);
  if (root.childElementCount === 1 && root.firstElementChild.tagName === "PRE") { // code keeps its lines and its blanks
    while (raw.length && (!raw.at(-1).node || raw.at(-1).letter === "\n")) raw.pop();
    return raw;
  }
  const text = [];
  for (const one of raw) {
    if (!BLANK.test(one.letter)) text.push(one);
    else if (text.length && text.at(-1).letter !== " ") text.push({ ...one, letter: " " });
  }
  return text.at(-1)?.letter === " " ? text.slice(0, -1) : text;
}

// What a range holds of the clauses inside `place`.
function passagesIn(range, place) {
  const found = [];
  for (const root of place.querySelectorAll("[data-words]")) {
    if (!range.intersectsNode(root)) continue;
    const letters = lettersOf(root);
    const isIn = (one) => one.node && one.letter.trim() && range.isPointInRange(one.node, one.from) && range.isPointInRange(one.node, one.to);
    const start = letters.findIndex(isIn);
    if (start < 0) continue;
    const end = letters.findLastIndex(isIn) + 1;
    const words = letters.slice(start, end).map((one) => one.letter).join("");
    found.push({ key: root.dataset.words, root, words, wire: `${root.dataset.words}:${start}-${end}` });
  }
  return found;
}

export default function selectWords(place) {
  if (!("takesComments" in place.dataset)) return;
  const isRoom = place.matches(".room");
  const bar = element("div", { className: "picked", hidden: true, role: "region", ariaLabel: "The words you selected" });
  const link = element("a", { className: "btn go", rel: "nofollow", textContent: "Comment on this" });
  bar.append(link);
  bar.addEventListener("mousedown", (event) => event.preventDefault()); // it would end the selection
  let chosen = [];

  function look() {
    const selection = getSelection();
    const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    chosen = range && !bar.contains(range.startContainer) ? passagesIn(range, place) : [];
    bar.hidden = !chosen.length;
    if (bar.hidden) return;
    const [{ key }] = chosen;
    const asked = chosen.map(({ wire }) => `&passage=${encodeURIComponent(wire)}`).join("");
    const way = isRoom ? location.pathname : location.pathname.replace(/[^/]+$/, encodeURIComponent(key));
    link.href = isRoom ? `${way}?at=${encodeURIComponent(key)}&write=1${asked}#c-${key}` : `${way}?write=1${asked}#write`;
    if (isRoom) Object.assign(link.dataset, { open: key, write: "" });
    chosen.at(-1).root.closest(".cl").after(bar);
    const box = [...range.getClientRects()].at(-1) ?? range.getBoundingClientRect();
    const room = document.documentElement.clientWidth;
    const from = getComputedStyle(document.documentElement).direction === "rtl" ? room - box.right : box.left;
    bar.style.setProperty("--below", `${box.bottom + scrollY + 6}px`); // the sheet uses them where the bar is not at the lower edge
    bar.style.setProperty("--from", `${Math.max(8, Math.min(from, room - bar.offsetWidth - 8)) + Math.abs(scrollX)}px`);
  }

  function drop() {
    getSelection().removeAllRanges();
    chosen = [];
    bar.hidden = true;
  }

  let waiting = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, PAUSE);
  });
  document.addEventListener("keydown", (event) => {
    if (!bar.contains(document.activeElement)) { // a key means what is selected now, not what was before the pause
      clearTimeout(waiting);
      look();
    }
    const isOnward = event.key === "Tab" && !event.shiftKey && !bar.contains(document.activeElement);
    if (bar.hidden || !(isOnward || event.key === "Escape")) return;
    event.preventDefault();
    if (isOnward) link.focus(); // the bar is the next stop
    else drop();
  }, true);
  // Who selects inside of marked words does not want to open their comments.
  place.addEventListener("click", (event) => {
    if (!event.target.closest("a.spoken") || getSelection().isCollapsed) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  waiting = setTimeout(look, PAUSE); // words may be selected already
}

function element(name, values) {
  return Object.assign(document.createElement(name), values);
}
