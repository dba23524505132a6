// Names under the search box while one types: an ARIA combobox with a list of links to subjects.
// Without this file, or when anything in it fails, the form is sent as it is.
"use strict";

const set = (node, attributes) => {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
};

for (const input of document.querySelectorAll("input[data-suggest]")) {
  // Milliseconds of rest after a key before the server is asked.
  const WAIT = 160;
  const list = document.createElement("div");
  const status = document.createElement("p");
  let options = [], active = -1, timer = 0, asking = null;

  list.id = `${input.id}-list`;
  list.className = "suggest";
  list.hidden = true;
  set(list, { role: "listbox", "aria-label": input.dataset.label });
  status.className = "hidden";
  set(status, { role: "status" });
  // A search field may not be a combobox.
  input.type = "text";
  set(input, { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": false });
  input.parentElement.append(list);
  input.form.append(status);

  const close = () => {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    set(input, { "aria-expanded": false });
    choose(-1);
  };

  const choose = (place) => {
    if (options[active]) set(options[active], { "aria-selected": false });
    active = place;
    const option = options[active];
    if (!option) { input.removeAttribute("aria-activedescendant"); return; }
    set(option, { "aria-selected": true }).scrollIntoView({ block: "nearest" });
    set(input, { "aria-activedescendant": option.id });
  };

  const text = (parent, pieces) => {
    for (const [piece, hit] of pieces) {
      const node = document.createElement(hit ? "mark" : "span");
      node.textContent = piece;
      parent.append(node);
    }
  };

  const line = (tag, name, content) => {
    const node = document.createElement(tag);
    node.className = name;
    if (typeof content === "string") node.textContent = content; else text(node, content);
    return node;
  };

  const show = (groups) => {
    choose(-1);
    options = [];
    list.replaceChildren(...groups.map((group, number) => {
      const id = `${list.id}-${number}`;
      const box = set(document.createElement("div"), { role: "group", "aria-labelledby": id });
      const head = set(line("p", "label", group.label), { id, role: "presentation" });
      box.append(head, ...group.options.map((each) => {
        const option = set(document.createElement("div"), {
          id: `${id}-${options.length}`, role: "option", "aria-selected": false, "data-href": each.href,
        });
        option.append(set(line("span", "name", each.name), { lang: "zh-CN" }));
        if (each.former.length) {
          // What stands before it is in the language of the page.
          option.append(line("span", "former", input.dataset.former));
          option.lastChild.append(set(line("span", "", each.former), { lang: "zh-CN" }));
        }
        option.append(line("span", "code", each.code));
        options.push(option);
        return option;
      }));
      return box;
    }));
    list.hidden = options.length === 0;
    set(input, { "aria-expanded": !list.hidden });
    status.textContent = list.hidden ? "" : input.dataset.count.replace("0", options.length);
  };

  const ask = async () => {
    asking?.abort();
    const typed = input.value.trim();
    if (!typed || typed.length > 50) { close(); return; }
    const mine = asking = new AbortController();
    try {
      const address = new URL(input.dataset.suggest, location.href);
      address.searchParams.set("q", typed);
      const answer = await fetch(address, { signal: mine.signal, headers: { Accept: "application/json" } });
      const found = answer.ok ? (await answer.json()).groups : [];
      if (mine === asking && document.activeElement === input) show(found);
    } catch (error) {
      // The server is away: the form still works.
      if (error.name !== "AbortError") close();
    }
  };

  const later = () => {
    clearTimeout(timer);
    // What was chosen or is being answered belongs to the text before.
    asking?.abort();
    choose(-1);
    timer = setTimeout(ask, WAIT);
  };
  // While an input method composes, the letters are not yet what is meant.
  input.addEventListener("input", (event) => { if (!event.isComposing) later(); });
  input.addEventListener("compositionend", later);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") { if (!list.hidden) event.preventDefault(); close(); return; }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) { later(); return; }
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One place more than there are options: the box itself, where nothing is chosen.
      const places = options.length + 1;
      choose((active + 1 + step + places) % places - 1);
    } else if (event.key === "Enter" && options[active] && !list.hidden) {
      event.preventDefault();
      location.assign(options[active].dataset.href);
    }
  });
  // The box keeps the focus.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.href);
  });
}
