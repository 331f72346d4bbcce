// What forms keep in this browser. Storage may be full, blocked or absent: then nothing is kept and nothing breaks.
export const KEPT = "consult.kept ";
const ACCEPTED = "consult.accepted";
const DAYS = 60;

export function recall(place) {
  try {
    return JSON.parse(localStorage.getItem(place) ?? "null");
  } catch {
    return null;
  }
}

export function remember(place, value) {
  try {
    localStorage.setItem(place, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export function forget(place) {
  try {
    localStorage.removeItem(place);
  } catch {
    // nothing was kept
  }
}

// The server has what was sent under this submission key: forget it wherever it is kept, and what is very old.
export function accept(key) {
  try {
    sessionStorage.setItem(ACCEPTED, [key, ...keys()].slice(0, 50).join(" "));
    for (const place of Object.keys(localStorage).filter((name) => name.startsWith(KEPT))) {
      const value = recall(place);
      if (!value || value.submission === key || Date.now() - value.at > DAYS * 86_400_000) forget(place);
    }
  } catch {
    // nothing was kept
  }
}

export function accepted(key) {
  return keys().includes(key);
}

function keys() {
  try {
    return (sessionStorage.getItem(ACCEPTED) ?? "").split(" ");
  } catch {
    return [];
  }
}
