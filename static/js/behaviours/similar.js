// Says who has said this already, while one writes. What is typed goes in the body of a request and is not kept.
// Nothing moves the reader: the list stands under the text, and a line says that it is there.
const PAUSE = 1200; // ms without a key pressed
const LEAST = 16; // letters before anybody is asked

export default function similar(form) {
  const button = form.querySelector("button[name=look]");
  const note = form.querySelector("[data-similar-note]");
  if (!button || !note) return;
  let waiting = 0;
  let asking = new AbortController();
  let asked = words(form);
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, PAUSE);
  });

  async function look() {
    const now = words(form);
    if (now === asked || now.trim().length < LEAST) return;
    asked = now;
    asking.abort();
    asking = new AbortController();
    const page = await ask(button.formAction, form, asking.signal);
    if (page && words(form) === now) show(form, note, page);
  }
}

function words(form) {
  return `${form.elements.body.value}\n${form.elements.new_text?.value ?? ""}`;
}

async function ask(address, form, signal) {
  const sent = new URLSearchParams(new FormData(form));
  sent.set("look", "1");
  try {
    const answer = await fetch(address, { method: "POST", body: sent, signal });
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  } catch {
    return null; // offline, or typed on: the question is asked again when it is posted
  }
}

function show(form, note, page) {
  const [there, here] = [page, form].map((root) => root.querySelector("[data-similar]"));
  if (!there || !here || here.contains(document.activeElement)) return;
  const before = numbers(here);
  const found = numbers(there);
  if (found.join() !== before.join()) {
    here.replaceChildren(...document.importNode(there, true).childNodes);
    const count = found.length === 1 ? "A comment says" : `${found.length} comments say`;
    note.textContent = found.length ? `${count} something like this. You find it here, under your text.` : "";
  }
  const [theirs, mine] = [page, form].map((root) => root.querySelector("form.sheet button.go, button.go"));
  if (!theirs || !mine || mine === document.activeElement) return;
  mine.name = theirs.name;
  mine.value = theirs.value;
  mine.textContent = theirs.textContent;
}

function numbers(list) {
  return [...list.querySelectorAll("[data-number]")].map((one) => one.dataset.number);
}
