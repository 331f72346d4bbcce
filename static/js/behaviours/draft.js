// Saves what is typed as a draft on the server, so that it is there on one's other devices. Quiet: without a net or a
// session the browser still has it (autosave.js), and the button "Save as draft" does the same without this file.
const PAUSE = 2500; // ms without a key pressed
const LONGEST = 10_000; // ms after the first key that is not saved yet, however fast one types

export default function draft(form) {
  const button = form.querySelector("button[name=save]");
  const number = form.elements.draft;
  if (!button || !number) return;
  let waiting = 0;
  let since = 0;
  let isSaving = false;
  let isOver = false; // sent, or another device has other words: then the reader decides

  form.addEventListener("input", () => {
    since ||= Date.now();
    clearTimeout(waiting);
    waiting = setTimeout(save, Math.max(0, Math.min(PAUSE, since + LONGEST - Date.now())));
  });
  form.addEventListener("submit", () => {
    isOver = true;
    clearTimeout(waiting);
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) isOver = false;
  });

  async function save() {
    clearTimeout(waiting);
    waiting = 0;
    since = 0;
    if (isOver) return;
    if (isSaving) {
      waiting = setTimeout(save, PAUSE);
      return;
    }
    isSaving = true;
    const answer = await send(button.formAction, form);
    isSaving = false;
    if (answer?.status === 204 && answer.headers.has("X-Draft")) {
      number.value = answer.headers.get("X-Draft");
      if (!waiting) form.dispatchEvent(new CustomEvent("consult:saved"));
    } else if (answer?.status === 409) {
      isOver = true;
      showBoth(form, new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
  }
}

async function send(address, form) {
  const fields = new URLSearchParams(new FormData(form));
  fields.set("quiet", "1");
  try {
    return await fetch(address, { method: "POST", body: fields });
  } catch {
    return null; // no net: tried again after the next words
  }
}

function showBoth(form, page) {
  const [theirs, mine] = [page, form].map((root) => root.querySelector("[data-begun]"));
  const seen = page.querySelector("form.sheet [name=draft]");
  if (!theirs || !mine || !seen) return;
  mine.replaceChildren(...document.importNode(theirs, true).childNodes);
  form.elements.draft.value = seen.value;
  const note = form.querySelector("[data-similar-note]");
  if (note) note.textContent = "Other words were saved here on another device. Both are at the top of this form; nothing is overwritten until you press a button.";
}
