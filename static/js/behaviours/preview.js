// Shows the preview in place. When anything goes wrong the button does what it does without this file.
export default function preview(form) {
  const button = form.querySelector("button[formaction]:not([name])");
  const place = form.querySelector("[data-preview]");
  if (!button || !place) return;
  button.addEventListener("click", async (event) => {
    if (button.dataset.plain || !form.checkValidity()) return;
    event.preventDefault();
    const shown = await ask(button.formAction, form);
    if (!shown) {
      button.dataset.plain = "yes";
      button.click();
      return;
    }
    place.replaceChildren(...shown.childNodes);
    place.querySelector("section")?.focus();
  });
}

async function ask(address, form) {
  try {
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (!answer.ok) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const shown = page.querySelector("[data-preview]");
    return shown?.childElementCount ? document.importNode(shown, true) : null;
  } catch {
    return null;
  }
}
