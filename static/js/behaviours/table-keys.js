// Keys for the table of the workbench: j and k walk its lines, x ticks, a answers the ticked ones together, ? tells them.
// They can be switched off, with all single keys (WCAG 2.1.4). Without this file Tab and Space do the same.
const OFF = "consult.keys-off";

export default function (form) {
  const ticks = [...form.querySelectorAll("tbody input[type=checkbox]")];
  const answer = form.querySelector("button[formaction]");
  const help = document.getElementById("keys");
  const switched = document.getElementById("keys-on");
  help.hidden = false;
  switched.checked = localStorage.getItem(OFF) === null;
  switched.addEventListener("change", () => (switched.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));

  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!switched.checked || event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    const at = ticks.findIndex((tick) => tick.closest("tr").contains(document.activeElement));
    const step = { j: 1, k: -1 }[event.key];
    if (step) {
      ticks[Math.min(ticks.length - 1, Math.max(0, at + step))].focus();
    } else if (event.key === "x" && at >= 0) ticks[at].click();
    else if (event.key === "?") {
      help.open = true;
      help.querySelector("summary").focus();
    } else if (event.key === "a" && ticks.some((tick) => tick.checked)) answer.click();
    else return;
    event.preventDefault();
  });
}
