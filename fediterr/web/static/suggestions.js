/* Territories while one types their name: a combobox (ARIA 1.2) over input[data-suggest].
   data-suggest="open" leads to the page of the territory that is chosen; else the form gets its name and its code.
   The form works without: it is sent, and the server answers with those that are meant. */

const REST = 120; // milliseconds without a key before the server is asked
let made = 0;

export function suggest(input, words, say) {
  if (input.role === "combobox") return;
  const box = Object.assign(document.createElement("span"), { className: "suggesting" });
  const list = Object.assign(document.createElement("ul"), { id: `suggestions-${++made}`, hidden: true });
  const opens = input.dataset.suggest === "open";
  let options = [], at = -1, resting, asking;

  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words.listed);
  input.before(box);
  box.append(input, list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, autocomplete: "off" })) input.setAttribute(name, value);

  function close() {
    asking?.abort();
    clearTimeout(resting);
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function show(found) {
    options = found;
    at = -1;
    input.removeAttribute("aria-activedescendant");
    list.replaceChildren(...found.map((each, place) => {
      const option = Object.assign(document.createElement("li"), { id: `${list.id}-${place}` });
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.append(Object.assign(document.createElement("b"), { textContent: each.name }), Object.assign(document.createElement("span"), { textContent: each.what }));
      return option;
    }));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!!found.length));
    if (found.length) say(words.suggested.replace("{n}", found.length));
  }

  function go(place) {
    list.children[at]?.setAttribute("aria-selected", "false");
    at = (place + options.length) % options.length;
    const option = list.children[at];
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  }

  function code(value) {
    const kept = input.form?.querySelector("input[type=hidden][name=territory_code]");
    if (kept) kept.value = value;
    else if (value) input.form?.append(Object.assign(document.createElement("input"), { type: "hidden", name: "territory_code", value }));
  }

  function choose(chosen) {
    close();
    if (opens) { location.href = chosen.address; return; }
    input.value = chosen.name;
    for (const each of input.form?.querySelectorAll("input[type=radio][name=territory_code]") ?? []) each.checked = each.value === chosen.code;
    code(chosen.code);
  }

  async function ask() {
    const typed = input.value.trim();
    if (!typed) { close(); return; }
    asking?.abort();
    asking = new AbortController();
    const answer = await fetch(`/territoires/suggestions?q=${encodeURIComponent(typed)}`, { signal: asking.signal });
    if (answer.ok && document.activeElement === input) show(await answer.json());
  }

  input.addEventListener("input", () => {
    code("");
    clearTimeout(resting);
    resting = setTimeout(() => ask().catch(() => {}), REST);
  });
  input.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(options[[...list.children].indexOf(option)]);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); return; }
    if (list.hidden) { if (event.key === "ArrowDown" && input.value) { event.preventDefault(); ask().catch(() => {}); } return; }
    if (event.key === "ArrowDown") { event.preventDefault(); go(at + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); go(at < 0 ? options.length - 1 : at - 1); }
    else if (event.key === "Enter" && at >= 0) { event.preventDefault(); choose(options[at]); }
    else if (event.key === "Tab") close();
  });
}
