// On the page after a form was accepted: forget what the browser kept of it, and tidy the address.
import { accept } from "../kept.js";

export default function sent(element) {
  accept(element.dataset.key);
  const address = new URL(location.href);
  address.searchParams.delete("sent");
  history.replaceState(history.state, "", address);
}
