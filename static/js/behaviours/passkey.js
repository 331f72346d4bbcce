// A form that a passkey fills in: data-options is what the browser is asked, data-passkey whether to "create" one or to
// "get" an answer from one. Where the browser has no passkeys, a form for one alone stays hidden.
export default function passkey(form) {
  if (!window.PublicKeyCredential) return;
  form.hidden = false;
  const told = form.querySelector("[role=status]");
  form.addEventListener("submit", async (event) => {
    if (form.elements.passkey_answer.value) return;
    event.preventDefault();
    told.textContent = "";
    try {
      const publicKey = read(JSON.parse(form.dataset.options));
      form.elements.passkey_answer.value = JSON.stringify(written(await navigator.credentials[form.dataset.passkey]({ publicKey })));
      if (document.getElementById("stay")?.checked) form.elements.stay.value = "y"; // the box above counts for both
      form.submit();
    } catch (failure) {
      told.textContent = failure.name === "InvalidStateError"
        ? "This device holds a passkey for your account already."
        : "No passkey was used. You can try again, or go on in another way.";
    }
  });
  addEventListener("pageshow", () => {
    form.elements.passkey_answer.value = "";
  });
}

function read(options) {
  const bare = ({ id, ...rest }) => ({ ...rest, id: bytes(id) });
  options.challenge = bytes(options.challenge);
  if (options.user) options.user = bare(options.user);
  for (const list of ["excludeCredentials", "allowCredentials"]) if (options[list]) options[list] = options[list].map(bare);
  return options;
}

function written(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const given = parts.filter((part) => response[part]).map((part) => [part, text(response[part])]);
  const id = text(credential.rawId);
  return { id, rawId: id, type: credential.type, response: Object.fromEntries(given), clientExtensionResults: {} };
}

const bytes = (words) => Uint8Array.from(atob(words.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
