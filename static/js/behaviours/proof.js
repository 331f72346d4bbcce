// Looks for the number a challenge asks for (the format of ALTCHA 1), once somebody begins to fill the form in. Nothing
// leaves the browser but the answer. Without this file the form works as well: what it says then is in its own words.
const AT_ONCE = 500; // hashes asked for together: the page stays quick to the hand in between

export default function proof(element) {
  const form = element.closest("form");
  const [field, note] = [element.querySelector("input"), element.querySelector("[data-proof-note]")];
  if (!form || !crypto.subtle) return;
  let search = null;
  let isSearching = false;
  let waiting = null; // the button that was pressed before the number was found
  form.addEventListener("focusin", begin);
  form.addEventListener("input", begin);
  form.addEventListener("submit", (event) => {
    begin();
    if (!isSearching || event.submitter?.hasAttribute("formaction")) return; // previews need no number
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting = event.submitter;
    note.textContent = "One moment: it is sent as soon as the calculation is done.";
  }, { capture: true });

  function begin() {
    search ??= find();
  }

  async function find() {
    isSearching = true;
    note.textContent = "Your browser calculates while you write.";
    const challenge = JSON.parse(element.dataset.challenge);
    const number = await look(challenge, (quarters) => {
      if (!waiting) note.textContent = `Your browser calculates while you write: ${["", "a quarter", "half", "three quarters"][quarters]} of it is done.`;
    });
    isSearching = false;
    if (number !== null) {
      const { algorithm, challenge: sought, salt, signature } = challenge;
      field.value = btoa(JSON.stringify({ algorithm, challenge: sought, number, salt, signature }));
    }
    note.textContent = number === null ? "The calculation did not work here. You can send all the same." : "The calculation is done.";
    if (waiting) form.requestSubmit(waiting);
  }
}

async function look({ salt, maxnumber, challenge }, tell) {
  const encoder = new TextEncoder();
  let told = 0;
  for (let start = 0; start <= maxnumber; start += AT_ONCE) {
    const hashes = Array.from({ length: Math.min(AT_ONCE, maxnumber - start + 1) }, (_, at) =>
      crypto.subtle.digest("SHA-256", encoder.encode(salt + (start + at))));
    const found = (await Promise.all(hashes)).findIndex((hash) => hex(hash) === challenge);
    if (found >= 0) return start + found;
    const quarters = Math.floor((4 * start) / maxnumber);
    if (quarters > told && quarters < 4) tell((told = quarters));
    await new Promise((resolve) => setTimeout(resolve));
  }
  return null;
}

function hex(hash) {
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
