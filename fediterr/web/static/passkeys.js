/* Passkeys: the device is asked, its answer goes into the form, the form is sent as any other.
   Forms wait hidden (form[data-passkey]) until it is known that this browser can. */

const able = window.PublicKeyCredential?.parseCreationOptionsFromJSON && window.PublicKeyCredential.parseRequestOptionsFromJSON;

async function ask(form, said) {
  const lasting = document.querySelector("[type=checkbox][name=lasting]");
  if (lasting) form.elements.lasting.value = lasting.checked ? "1" : "";
  const answer = await fetch(form.dataset.question, { method: "POST", body: new FormData(form) });
  const question = await answer.json();
  if (!answer.ok) { said.textContent = question.words; return; }
  const made = form.dataset.passkey === "create"
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(question) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question) });
  form.elements.answer.value = JSON.stringify(made.toJSON());
  form.requestSubmit();
}

for (const form of able ? document.querySelectorAll("form[data-passkey]") : []) {
  const said = form.querySelector("[role=alert]");
  form.hidden = false;
  document.querySelectorAll("[data-without-passkeys]").forEach((each) => { each.hidden = true; });
  form.addEventListener("submit", (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    said.textContent = "";
    ask(form, said).catch(() => { said.textContent = said.dataset.words; });
  });
}
