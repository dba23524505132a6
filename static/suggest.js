// Names under the search box while one types: an ARIA combobox with a list of links to subjects.
// Without this file, or when anything in it fails, the form is sent as it is.
"use strict";

for (const input of document.querySelectorAll("input[data-suggest]")) {
  const WAIT = 160; // milliseconds of rest after a key before the server is asked
  const list = document.createElement("div");
  const status = document.createElement("p");
  let options = [], active = -1, timer = 0, asking = null, composing = false;

  list.id = `${input.id}-list`;
  list.className = "suggest";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.label);
  status.className = "hidden";
  status.setAttribute("role", "status");
  input.type = "text"; // a search field may not be a combobox
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  input.parentElement.append(list);
  input.form.append(status);

  const close = () => {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    choose(-1);
  };

  const choose = (place) => {
    options[active]?.setAttribute("aria-selected", "false");
    active = place;
    const option = options[active];
    if (!option) { input.removeAttribute("aria-activedescendant"); return; }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
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
      const box = document.createElement("div");
      const head = line("p", "label", group.label);
      head.id = `${list.id}-${number}`;
      head.setAttribute("role", "presentation");
      box.setAttribute("role", "group");
      box.setAttribute("aria-labelledby", head.id);
      box.append(head, ...group.options.map((each) => {
        const option = document.createElement("div");
        option.id = `${list.id}-option-${options.length}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.href = each.href;
        const name = line("span", "name", each.name);
        name.lang = "zh-CN";
        option.append(name);
        if (each.former.length) {
          const former = line("span", "former", each.former);
          former.lang = "zh-CN";
          former.prepend(input.dataset.former);
          option.append(former);
        }
        option.append(line("span", "code", each.code));
        options.push(option);
        return option;
      }));
      return box;
    }));
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
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
      if (error.name !== "AbortError") close(); // the server is away: the form still works
    }
  };

  input.addEventListener("compositionstart", () => { composing = true; });
  input.addEventListener("compositionend", () => { composing = false; later(); });
  const later = () => { clearTimeout(timer); timer = setTimeout(ask, WAIT); };
  input.addEventListener("input", () => { if (!composing) later(); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (composing || event.isComposing) return;
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); return; }
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
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.href);
  });
}
