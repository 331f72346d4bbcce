// "/" leads to the search: to its field where there is one, else to its page. Switched off with the other single keys (WCAG 2.1.4).
const OFF = "consult.keys-off";

export default function searchKey(link) {
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (localStorage.getItem(OFF) !== null || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    const field = document.getElementById("s-q");
    if (!field) return link.click();
    field.focus();
    field.select();
  });
}
