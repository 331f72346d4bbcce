// "Quote" takes the words that are selected in that contribution; the server looks whether they stand there.
const LONGEST = 600; // characters; what is longer is quoted from the beginning

export default function (root) {
  let selected = ""; // pressing a link may take the selection away before it is followed
  const look = (event) => {
    const link = event.target.closest?.("[data-quote]");
    if (!link) return;
    const selection = getSelection();
    const said = link.closest(".reply, .letter")?.querySelector(".said");
    const isThere = said && !selection.isCollapsed && said.contains(selection.anchorNode) && said.contains(selection.focusNode);
    selected = isThere ? selection.toString().trim().slice(0, LONGEST) : "";
  };
  root.addEventListener("pointerdown", look, true);
  root.addEventListener("keydown", look, true);
  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-quote]");
    if (!link || !selected) return;
    const address = new URL(link.href);
    address.searchParams.set("words", selected);
    link.href = address;
  });
}
