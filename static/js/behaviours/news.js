// Says quietly how much has come in since the page was loaded. Nothing on the page moves; who wants to see it presses.
const EVERY = 60_000; // ms between questions, and only while somebody looks

export default function news(sign) {
  const { address, seen, one, many } = sign.dataset;
  const words = sign.querySelector("span");
  async function ask() {
    if (document.visibilityState !== "visible") return;
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } }); // with its ETag: a 304 when nothing came
      if (!answer.ok) return;
      const fresh = (await answer.json()).count - Number(seen);
      sign.hidden = fresh < 1;
      words.textContent = fresh === 1 ? `1 new ${one}` : `${fresh} new ${many}`;
    } catch { /* offline: ask again later */ }
  }
  sign.querySelector("button").addEventListener("click", () => location.reload());
  setInterval(ask, EVERY);
}
