// Keys for the moderators' desk: j and k walk the list, n takes the next, the letters beside the choices choose, e writes the reason.
export default function (desk) {
  desk.classList.add("has-keys");
  const lines = [...desk.querySelectorAll(".queue a")];
  const at = lines.findIndex((line) => line.hasAttribute("aria-current"));

  document.addEventListener("keydown", (event) => {
    if (localStorage.getItem("consult.keys-off") !== null) return; // switched off with all single keys (WCAG 2.1.4)
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input:not([type=radio]), textarea, select")) return;
    const step = { j: 1, k: -1 }[event.key];
    const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (step) lines[at + step]?.click();
    else if (wanted) choose(event, wanted);
  });
}

function choose(event, element) {
  event.preventDefault();
  element.focus();
  if (element.matches("[type=radio], button")) element.click();
}
