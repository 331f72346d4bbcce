// Keys for weighing in: 1, 2, 3 press the buttons. They can be switched off, with all single keys (WCAG 2.1.4).
const OFF = "consult.keys-off";

export default function (form) {
  const buttons = [...form.querySelectorAll("[aria-keyshortcuts]")];
  const note = document.getElementById("weigh-keys");
  const switched = document.getElementById("keys-on");
  note.hidden = false;
  for (const button of buttons) {
    const key = document.createElement("kbd");
    key.textContent = button.getAttribute("aria-keyshortcuts");
    key.ariaHidden = "true"; // it is not part of the button's name
    button.append(key);
  }
  const tell = () => buttons.forEach((button) => { button.querySelector("kbd").hidden = !switched.checked; });
  switched.checked = localStorage.getItem(OFF) === null;
  tell();
  switched.addEventListener("change", () => {
    switched.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1");
    tell();
  });

  let isSent = false; // a key held down votes once, and not on the next comment, too
  addEventListener("pageshow", () => { isSent = false; });
  form.addEventListener("submit", () => { isSent = true; });
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isSent || !switched.checked || event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    const wanted = buttons.find((button) => button.getAttribute("aria-keyshortcuts") === event.key);
    if (!wanted) return;
    event.preventDefault();
    wanted.click();
  });
}
