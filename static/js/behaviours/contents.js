// Contents: open beside the text on wide screens, and a field to find a heading in a long one.
const MANY = 12;

export default function contents(nav) {
  const whole = nav.querySelector("details[data-wide-open]");
  if (matchMedia("(width >= 64rem)").matches) whole.open = true;

  const entries = [...nav.querySelectorAll(".pages a")];
  const here = nav.querySelector("[aria-current]"); // in a long contents, bring it into view without moving the page
  if (here && whole.scrollHeight > whole.clientHeight) {
    whole.scrollTop += here.getBoundingClientRect().top - whole.getBoundingClientRect().top - whole.clientHeight / 3;
  }
  if (entries.length < MANY) return;

  const label = document.createElement("label");
  label.className = "find";
  label.innerHTML = '<span class="vh">Find a heading</span><input type="search" placeholder="Find a heading" autocomplete="off">';
  whole.querySelector("summary").after(label);
  const parts = [...nav.querySelectorAll("details.fold")];
  const opened = new Set(parts.filter((part) => part.open));
  label.firstElementChild.nextElementSibling.addEventListener("input", (event) => {
    const wanted = event.target.value.trim().toLowerCase();
    for (const entry of entries) entry.parentElement.hidden = !entry.textContent.toLowerCase().includes(wanted);
    for (const section of nav.querySelectorAll(".sec")) section.hidden = wanted !== "";
    for (const part of parts) {
      part.open = wanted ? true : opened.has(part);
      part.hidden = !part.querySelector("li:not([hidden], .sec)");
    }
  });
}
