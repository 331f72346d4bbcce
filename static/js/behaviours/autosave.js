// Keeps what is typed in this browser until the server has it: through a crash, a closed window, an expired
// session. Kept under the person and the form's place (data-kept), forgotten by sent.js on the page that follows.
import { accepted, forget, KEPT, recall, remember } from "../kept.js";

const PAUSE = 400; // ms without a key pressed before it is kept
const NEVER = new Set(["csrf_token", "submission", "version", "clause", "to", "seen", "back", "passage", "anyway", "draft"]);

export default function autosave(form) {
  const place = KEPT + form.dataset.kept;
  const key = form.elements.submission;
  const served = accepted(key.value) ? newKey() : key.value; // a form from the browser's history was sent before
  key.value = served;
  const isFresh = form.hasAttribute("data-fresh") && isUntouched(form);
  let earlier = recall(place);
  // Another device has saved a draft since this one kept its words, or has posted it. What the server has already is
  // no loss; what it has not stands beside the draft, and the reader decides.
  const isBehind = earlier && isOfOtherDraft(form, earlier);
  if (isBehind && earlier.isSaved) {
    forget(place);
    earlier = null;
  }
  if (isBehind && earlier && !isSame(earlier.fields, typed(form))) offer(form, earlier, place, served, true);
  else if (earlier && isFresh && !isSame(earlier.fields, typed(form))) restore(form, earlier, place, served);
  else if (earlier && form.hasAttribute("data-fresh") && !isSame(earlier.fields, typed(form))) offer(form, earlier, place, served);
  else if (!form.hasAttribute("data-fresh")) keep(form, place); // came back from the server: newer than what we have

  let waiting = 0;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => keep(form, place), PAUSE);
  };
  const now = () => {
    if (waiting) keep(form, place);
  };
  form.addEventListener("input", () => {
    key.value = served; // other words than those restored: another submission
    soon();
  });
  form.addEventListener("submit", now);
  form.addEventListener("consult:saved", () => keep(form, place, true));
  addEventListener("pagehide", now);
  addEventListener("pageshow", (event) => {
    if (!event.persisted || !accepted(key.value)) return;
    clearTimeout(waiting);
    waiting = 0;
    form.reset();
    key.value = newKey();
  });
}

function isOfOtherDraft(form, earlier) {
  return Boolean(form.elements.draft) && (earlier.draft ?? "0") !== form.elements.draft.value;
}

function keep(form, place, isSaved = false) {
  if (accepted(form.elements.submission.value)) return;
  const fields = typed(form);
  if (isUntouched(form) && form.hasAttribute("data-fresh")) return forget(place);
  const at = new Date();
  // While two wordings stand here and nobody has decided, these words belong to neither draft.
  const draft = form.querySelector("[data-both]") ? "" : form.elements.draft?.value;
  const isKept = remember(place, { fields, submission: form.elements.submission.value, at: at.getTime(), draft, isSaved });
  tell(form, isSaved
    ? `Saved as a draft at ${clock(at)}, for all your devices.`
    : isKept
    ? `Kept on this device at ${clock(at)}. Nothing is lost if you leave.`
    : "This browser cannot keep what you type (its storage is full or switched off). Copy your text before you leave.");
}

function restore(form, earlier, place, served) {
  fill(form, earlier.fields);
  form.elements.submission.value = earlier.submission; // sent already, answer lost? Then this gives that same comment.
  const note = notice(form, `This is what you typed on ${moment(earlier.at)}. It is not posted yet.`, "Discard it");
  note.querySelector("button").addEventListener("click", () => {
    forget(place);
    form.reset();
    form.elements.submission.value = served;
    note.remove();
  });
}

function offer(form, earlier, place, served, isWhole = false) {
  const note = notice(form, `On ${moment(earlier.at)} you typed something else ${isWhole ? "on this device" : "here"}, which is not posted yet.`, "Put it back");
  if (isWhole) note.firstChild.append(quoted(earlier));
  note.querySelector("button").addEventListener("click", () => {
    note.remove();
    restore(form, earlier, place, served);
  });
}

// What the device has, whole, beside what the form has.
function quoted(earlier) {
  const words = document.createElement("span");
  words.className = "quote draft-words";
  words.textContent = earlier.fields.filter(([name]) => name === "body" || name === "new_text").map(([, value]) => value).join("\n\n");
  return words;
}

function typed(form) {
  return [...new FormData(form)].filter(([name, value]) => !NEVER.has(name) && typeof value === "string");
}

function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

function controls(form) {
  return [...form.elements].filter((e) => e.name && !NEVER.has(e.name) && e.type !== "submit" && e.type !== "hidden");
}

function isUntouched(form) {
  return controls(form).every((e) => {
    if (e.type === "checkbox" || e.type === "radio") return e.checked === e.defaultChecked;
    if (e.tagName === "SELECT") return [...e.options].every((o) => o.selected === o.defaultSelected) || !e.selectedIndex;
    return e.value === e.defaultValue;
  });
}

function fill(form, fields) {
  for (const control of controls(form)) {
    const values = fields.filter(([name]) => name === control.name).map(([, value]) => value);
    const isBox = control.type === "checkbox" || control.type === "radio";
    if (isBox) control.checked = values.includes(control.value);
    else if (values.length) control.value = values[0];
    const isChanged = isBox ? control.checked !== control.defaultChecked : control.value !== control.defaultValue;
    const folded = control.closest("details:not([open])");
    if (isChanged && folded && form.contains(folded)) folded.open = true;
  }
  const say = form.closest("details.say");
  if (say) say.open = true;
}

function notice(form, sentence, action) {
  const note = document.createElement("div");
  note.className = "told ends";
  note.setAttribute("role", "status");
  const words = document.createElement("p");
  words.textContent = sentence;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn";
  button.textContent = action;
  note.append(words, button);
  form.prepend(note);
  return note;
}

function tell(form, sentence) {
  const place = form.querySelector("[data-kept-note]");
  if (place) place.textContent = sentence;
}

// English here is British: 14:05, Wednesday 25 November, as the pages write it.
const LANGUAGE = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;

function clock(date) {
  return date.toLocaleTimeString(LANGUAGE, { hour: "2-digit", minute: "2-digit" });
}

function moment(at) {
  const date = new Date(at);
  const day = date.toLocaleDateString(LANGUAGE, { weekday: "long", day: "numeric", month: "long" });
  return `${day} at ${clock(date)}`;
}

function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
}
