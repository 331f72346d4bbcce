// Follows work that goes on elsewhere: asks for the page again and shows how far it is, until it is done.
const PAUSE = 2000; // milliseconds

export default function progress(element) {
  setTimeout(async () => {
    const now = await ask(element.id);
    if (now?.textContent !== element.textContent && now) {
      if (!now.dataset.behaviour) return location.reload(); // done: the whole list is there
      element.replaceChildren(...now.childNodes);
    }
    progress(element);
  }, PAUSE);
}

async function ask(id) {
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return document.importNode(page.getElementById(id), true);
  } catch {
    return null;
  }
}
