// Tells the server that somebody reads here, once a page and only when it is looked at. Without this a button does it.
const READING = 3000; // ms after which somebody reads and does not only pass through

export default function (form) {
  const tell = () => {
    if (document.visibilityState !== "visible") return;
    removeEventListener("visibilitychange", later, true);
    fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), keepalive: true }).catch(() => {});
  };
  const later = () => setTimeout(tell, READING);
  addEventListener("visibilitychange", later, true);
  later();
}
