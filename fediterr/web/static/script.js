/* What makes the pages smoother. Every page works without it: it only spares a wait, a click or a lost place.
   One module of ours, nothing fetched from elsewhere, nothing kept in the browser. Its words come with the page. */

const words = document.getElementById("script").dataset;

/* === Said ============================================================================================================
   One quiet line for those who listen to the page. */

const line = document.createElement("p");
line.className = "heard";
line.setAttribute("role", "status");
document.body.append(line);

function say(text) {
  line.textContent = "";
  setTimeout(() => { line.textContent = text; }, 50);
}

/* === Fetched =========================================================================================================
   A page of this server, read without leaving the one that is shown. */

async function read(address, options = {}) {
  const answer = await fetch(address, { headers: { Accept: "text/html" }, ...options });
  if (!answer.ok) throw new Error(answer.status);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/* === Named ===========================================================================================================
   The address of what is shown. Going back to another page reads it anew; a link within the page does not. */

const here = () => location.pathname + location.search;
let current = here();

function rename(how, address) {
  history[how](null, "", address);
  current = here();
}

/* === Older ===========================================================================================================
   "Plus anciens" puts the next part of a list of cards under this one; going back finds the place again. */

function before(nav) {
  const found = [];
  for (let each = nav.previousElementSibling; each?.matches("article"); each = each.previousElementSibling) found.unshift(each);
  return found;
}

async function lengthen(link) {
  const nav = link.closest("nav");
  link.setAttribute("aria-busy", "true");
  const page = await read(link.href);
  const onward = page.querySelector("main nav.pages");
  const fresh = before(onward).filter((each) => !each.id || !document.getElementById(each.id));
  nav.before(...fresh);
  const next = onward.querySelector("[rel=next]");
  if (next) { link.href = next.getAttribute("href"); link.removeAttribute("aria-busy"); } else link.remove();
  rename("replaceState", link.dataset.here);
  say(words.more.replace("{n}", fresh.length));
  if (fresh[0]) { fresh[0].tabIndex = -1; fresh[0].focus({ preventScroll: true }); }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("nav.pages a[rel=next]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.ariaBusy === "true") { event.preventDefault(); return; }
  if (!before(link.closest("nav")).length) return;
  event.preventDefault();
  link.dataset.here = link.href;
  lengthen(link).catch(() => { location.href = link.dataset.here; });
});

/* === Gestures ========================================================================================================
   Relayer, Utile, Enregistrer: the card changes in place. What the server answers is the page of that post. */

async function act(form, button) {
  const card = form.closest("article");
  const body = new URLSearchParams(new FormData(form, button));
  body.set("next", card.querySelector(".when a").getAttribute("href"));
  const place = button.getAttribute("formaction") ?? form.action;
  const page = await read(place, { method: "POST", body });
  const fresh = page.getElementById(card.id)?.querySelector(".actions");
  if (!fresh) throw new Error(place);
  card.querySelector(".actions").replaceWith(fresh);
  const same = [...fresh.querySelectorAll("button")].find((each) => each.getAttribute("formaction") === place);
  same?.focus({ preventScroll: true });
  say(page.querySelector(".notice")?.textContent ?? "");
}

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button?.matches("article .actions [aria-pressed]") || !event.target.closest("article[id]")) return;
  event.preventDefault();
  if (event.target.ariaBusy === "true") return;
  event.target.ariaBusy = "true";
  act(event.target, button).catch(() => location.reload());
});

/* === Files ===========================================================================================================
   A form with files says how much has left; what the server answers then takes the place of the page. */

function send(form, button) {
  const progress = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
  progress.setAttribute("aria-label", words.sending);
  form.append(progress);
  const request = new XMLHttpRequest();
  request.upload.onprogress = (event) => {
    if (!event.lengthComputable) return;
    progress.value = event.loaded / event.total;
    if (progress.value === 1) { progress.removeAttribute("value"); say(words.handling); }
  };
  request.onload = () => {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    rename(request.responseURL === location.href.split("#")[0] ? "replaceState" : "pushState", request.responseURL);
    document.title = page.title;
    document.body.replaceWith(page.body);
    document.body.append(line);
    look(document);
    scrollTo(0, 0);
    (document.querySelector(".notice") ?? document.querySelector("h1"))?.scrollIntoView();
    say(document.querySelector(".notice")?.textContent ?? document.title);
  };
  request.onerror = () => { progress.remove(); free(form); say(words.failed); };
  request.open("POST", button?.getAttribute("formaction") ?? form.action);
  request.setRequestHeader("Accept", "text/html");
  request.send(new FormData(form, button));
  say(words.sending);
}

/* === Once ============================================================================================================
   A form that is on its way is not sent a second time. */

function free(form) {
  delete form.dataset.sent;
  form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
  const files = form.enctype === "multipart/form-data" && [...form.querySelectorAll("[type=file]")].some((each) => each.files.length);
  if (files) { event.preventDefault(); send(form, event.submitter); }
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(free));
addEventListener("popstate", () => { if (here() !== current) location.reload(); });

/* === Counted =========================================================================================================
   How many characters are left, once most are used: seen at once, heard when one stops typing. */

let pause;
document.addEventListener("input", (event) => {
  const area = event.target;
  if (!area.matches("textarea[maxlength]")) return;
  const left = area.maxLength - area.textLength;
  let shown = area.nextElementSibling;
  if (!shown?.matches(".left")) {
    shown = Object.assign(document.createElement("p"), { className: "left soft", ariaHidden: "true" });
    area.after(shown);
  }
  const told = words.left.replace("{n}", left);
  shown.textContent = left > area.maxLength / 5 ? "" : told;
  clearTimeout(pause);
  if (left <= area.maxLength / 10) pause = setTimeout(() => say(told), 1200);
});

/* === Kept ============================================================================================================
   form.sheet, where one writes at length, becomes a draft when one stops typing; the page that is shown stays. */

let resting;
async function keep(form) {
  if (form.dataset.sent || !form.isConnected) return;
  const body = new FormData(form);
  for (const each of form.querySelectorAll("[type=file]")) body.delete(each.name);
  body.set("do", "more");
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
  const draft = new URL(answer.url).searchParams.get("brouillon");
  if (!answer.ok || !draft || form.dataset.sent) return;
  if (!form.elements.draft) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "draft" }));
  form.elements.draft.value = draft;
  rename("replaceState", answer.url);
  form.querySelector("[data-kept]").textContent = words.kept;
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.matches(".sheet")) return;
  clearTimeout(resting);
  resting = setTimeout(() => keep(form).catch(() => {}), 4000);
});

/* === Copied ==========================================================================================================
   button[data-copy=ID] copies what that element holds; without script there is no such button. */

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const from = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText((from.value ?? from.textContent).trim());
  say(words.copied);
  const before = button.textContent;
  button.textContent = words.copied;
  setTimeout(() => { button.textContent = before; }, 2500);
});

/* === Times ===========================================================================================================
   "il y a 2 h" stays true on a page that stays open. */

const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always", style: "short" });
function age() {
  for (const each of document.querySelectorAll("time[data-ago]")) {
    const minutes = Math.floor((Date.now() - Date.parse(each.dateTime)) / 60000);
    if (minutes < 1 || minutes >= 10080) continue;
    if (minutes < 60) each.textContent = relative.format(-minutes, "minute");
    else if (minutes < 1440) each.textContent = relative.format(-Math.round(minutes / 60), "hour");
    else each.textContent = relative.format(-Math.round(minutes / 1440), "day");
  }
}
setInterval(age, 60000);

/* === Looked at =======================================================================================================
   What a new page needs at once. */

function look(page) {
  for (const button of page.querySelectorAll("button[data-copy]")) button.hidden = !navigator.clipboard;
  const fields = page.querySelectorAll("input[data-suggest]");
  if (fields.length) import(words.suggestions).then((module) => fields.forEach((each) => module.suggest(each, words, say)));
}
look(document);
