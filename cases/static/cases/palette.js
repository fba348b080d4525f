/* The command palette: Ctrl K or ⌘ K opens it, typing finds, the arrows choose, Enter goes there. What is typed with an
   input method is looked for once it is a word. Listeners are on the document, because htmx replaces the body. */
"use strict";
(() => {
  const find = (selector) => document.querySelector(selector);
  const dialog = () => find("#palette");
  const field = () => find("#palette [name=q]");
  const options = () => [...document.querySelectorAll("#palette .palette__option")];
  const say = (text) => { find("#palette .palette__said").textContent = text; };

  const choose = (option) => {
    for (const other of options()) other.setAttribute("aria-selected", String(other === option));
    if (option) {
      field().setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else field().removeAttribute("aria-activedescendant");
  };
  const chosen = () => find('#palette [aria-selected="true"]');

  const element = (name, className, text) => {
    const made = document.createElement(name);
    made.className = className;
    if (text) made.textContent = text;
    return made;
  };
  const optionOf = (row, number) => {
    const option = element("a", "palette__option", "");
    option.id = `palette-option-${number}`;
    option.href = row.url;
    option.tabIndex = -1;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.append(element("span", "", row.label));
    if (row.note) option.append(element("small", "", row.note));
    return option;
  };
  const show = (groups) => {
    let number = 0;
    const made = groups.map((group) => {
      const part = element("div", "palette__group", "");
      part.setAttribute("role", "group");
      part.setAttribute("aria-label", group.title);
      const title = element("div", "palette__kind", group.title);
      title.setAttribute("aria-hidden", "true");
      part.append(title, ...group.rows.map((row) => optionOf(row, number++)));
      return part;
    });
    find("#palette-list").replaceChildren(...made);
    choose(options()[0]);
    say(number ? dialog().dataset.some.replace("{n}", number) : dialog().dataset.none);
  };

  /* Only the answer to what was typed last is shown. */
  let asked = 0;
  let timer;
  const search = async () => {
    const mine = ++asked;
    const body = new FormData(find("#palette form"));
    try {
      const response = await fetch(find("#palette form").action, { method: "POST", body });
      if (mine !== asked) return;
      const answer = response.headers.get("content-type")?.includes("json") ? await response.json() : {};
      if (mine !== asked) return;
      if (answer.groups) show(answer.groups); else say(answer.error ?? dialog().dataset.offline);
    } catch {
      if (mine === asked) say(dialog().dataset.offline);
    }
  };
  const searchSoon = () => { clearTimeout(timer); timer = setTimeout(search, 120); };

  const open = () => {
    if (!dialog() || find("dialog[open]")) return;
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
    field().value = "";
    dialog().showModal();
    field().focus();
    search();
  };
  const go = (option) => {
    if (!option) return;
    dialog().close();
    location.assign(option.href);
  };
  const move = (step) => {
    const all = options();
    if (all.length) choose(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      if (!dialog()) return;
      event.preventDefault();
      if (dialog().open) dialog().close(); else open();
      return;
    }
    if (!dialog()?.open || event.target !== field()) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    }
    if (event.key === "Enter") { event.preventDefault(); go(chosen()); }
  });
  document.addEventListener("input", (event) => {
    if (event.target === field() && !event.isComposing) searchSoon();
  });
  document.addEventListener("compositionend", (event) => { if (event.target === field()) searchSoon(); });
  document.addEventListener("submit", (event) => {
    if (event.target.closest("#palette")) { event.preventDefault(); go(chosen()); }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-palette]")) open();
    if (event.target.closest("[data-close-palette]") || event.target === dialog()) dialog().close();
    const option = event.target.closest("#palette .palette__option");
    if (option && !event.ctrlKey && !event.metaKey) { event.preventDefault(); go(option); }
  });
})();
