// Beside a link to a comment, a reply or a clause of this consultation: a button that shows it in a few lines.
const OURS = /^\/c\/[^/]+\/(comments\/[^/]+(\/replies\/\d+)?|v\d+\/clauses\/[^/]+)$/;
let count = 0;

export default function (root) {
  for (const link of root.querySelectorAll(".said a[href^='/c/']")) {
    const address = new URL(link.href);
    if (OURS.test(address.pathname)) offer(link, `${address.pathname}/card`);
  }
}

function offer(link, address) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "peeks";
  button.ariaExpanded = "false";
  button.setAttribute("aria-label", `Show ${link.textContent} here`);
  link.after(button);
  const place = document.createElement("div");
  place.id = `peek-${++count}`;
  place.hidden = true;
  button.setAttribute("aria-controls", place.id);
  (link.closest("p, li, td, th, pre") ?? link).after(place);
  const turn = async (isOpen) => {
    if (isOpen && !place.childElementCount) {
      try {
        const answer = await fetch(address);
        if (!answer.ok || answer.redirected) throw new Error(answer.status);
        place.append(...new DOMParser().parseFromString(await answer.text(), "text/html").body.children);
      } catch {
        location.assign(link.href);
        return;
      }
    }
    place.hidden = !isOpen;
    button.ariaExpanded = String(isOpen);
  };
  button.addEventListener("click", () => turn(place.hidden));
  for (const part of [button, place]) {
    part.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || place.hidden) return;
      turn(false);
      button.focus();
    });
  }
}
