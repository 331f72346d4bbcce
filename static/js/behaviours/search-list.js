// Narrows a list while one types: fetches the same page and takes its list over. How many there are is read out.
const PAUSE = 250; // ms without a key pressed

export default function searchList(form) {
  let waiting = 0;
  let asking = new AbortController();
  let shown = words(form);
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, PAUSE);
  };
  form.addEventListener("input", soon);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    look();
  });

  async function look() {
    const now = words(form);
    if (now === shown) return;
    asking.abort();
    asking = new AbortController();
    const address = now ? `${form.action}?${now}` : form.action;
    const found = await ask(address, asking.signal);
    if (!found) return found === null ? location.assign(address) : undefined;
    shown = now;
    const here = document.querySelector("[data-found]");
    const told = here.querySelector("[role=status]");
    const status = found.querySelector("[role=status]");
    told.textContent = status.textContent; // the same element, so that it is read out
    status.replaceWith(told);
    here.replaceChildren(...found.childNodes);
    history.replaceState(null, "", address);
  }
}

function words(form) {
  const given = [...new FormData(form)].filter(([, value]) => value !== "");
  return new URLSearchParams(given).toString();
}

// The list at an address; undefined when something newer was asked for, null when the page itself must be opened.
async function ask(address, signal) {
  try {
    const answer = await fetch(address, { signal, headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const list = page.querySelector("[data-found]");
    return list && document.importNode(list, true);
  } catch (failure) {
    return failure.name === "AbortError" ? undefined : null;
  }
}
