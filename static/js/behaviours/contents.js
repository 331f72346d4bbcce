// Contents: open beside the text on wide screens, and a field to find a heading in a long one.
const MANY = 12;

export default function contents(nav) {
  const whole = nav.querySelector("details[data-wide-open]");
  if (matchMedia("(width >= 64rem)").matches) whole.open = true;

  followReader(nav);

  const entries = [...nav.querySelectorAll(".pages a, .alone-line a")];
  const here = nav.querySelector("[aria-current]"); // in a long contents, bring it into view without moving the page
  if (here && whole.scrollHeight > whole.clientHeight) {
    whole.scrollTop += here.getBoundingClientRect().top - whole.getBoundingClientRect().top - whole.clientHeight / 3;
  }
  if (entries.length < MANY) return;

  const label = document.createElement("label");
  label.className = "toc-find";
  const name = document.createElement("span");
  name.className = "vh";
  name.textContent = "Find a heading";
  const find = document.createElement("input");
  Object.assign(find, { type: "search", placeholder: name.textContent, autocomplete: "off" });
  label.append(name, find);
  whole.querySelector("summary").after(label);
  const parts = [...nav.querySelectorAll("details.fold")];
  const opened = new Set(parts.filter((part) => part.open));
  find.addEventListener("input", (event) => {
    const wanted = event.target.value.trim().toLowerCase();
    for (const entry of entries) entry.parentElement.hidden = !entry.textContent.toLowerCase().includes(wanted);
    for (const section of nav.querySelectorAll(".sec")) section.hidden = wanted !== "";
    for (const part of parts) {
      part.open = wanted ? true : opened.has(part);
      part.hidden = !part.querySelector("li:not([hidden], .sec)");
    }
  });
}

// The marked line goes with the reader: the last heading that has reached the upper part of the window.
function followReader(nav) {
  const lines = [...nav.querySelectorAll(".pages a, li > a")]
    .map((link) => [link, document.getElementById(new URL(link.href).hash.slice(1))])
    .filter(([, heading]) => heading);
  if (lines.length < 2) return;
  let isDue = false;
  const mark = () => {
    isDue = false;
    const passed = lines.filter(([, heading]) => heading.isConnected && heading.getBoundingClientRect().top < innerHeight / 3);
    const [link] = passed.at(-1) ?? [];
    if (!link || link.matches("[aria-current], .sec a")) return;
    nav.querySelector("[aria-current]")?.removeAttribute("aria-current");
    link.setAttribute("aria-current", "page");
  };
  addEventListener("scroll", () => {
    if (!isDue) requestAnimationFrame(mark);
    isDue = true;
  }, { passive: true });
}
