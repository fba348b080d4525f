/* Keyboard shortcuts for lists, and feedback when a request is slow or fails. Every page works without it. Listeners
   are on the document, because htmx replaces the body. */
"use strict";
(() => {
  const find = (selector) => document.querySelector(selector);
  const ROWS = ".case-rows > .case-row, .case-rows > .batch-row, .table-wrap tbody tr";

  /* Shortcuts: j k move, Enter o open, x ticks, / searches, n logs a case, ? shows the list; never while typing. */
  const isTyping = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const shortcutsEnabled = () => { try { return localStorage.getItem("keys") !== "off"; } catch { return true; } };
  const linkOf = (row) => row.querySelector(row.matches(".batch-row") ? "summary" : ".case-row__number, a.numeric, a");
  const isShown = (row) => linkOf(row) && (row.checkVisibility?.() ?? true);

  const move = (step) => {
    const rows = [...document.querySelectorAll(ROWS)].filter(isShown);
    if (!rows.length) return;
    const at = rows.findLastIndex((row) => row.contains(document.activeElement));  // the row within its batch
    const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1);
    linkOf(rows[next]).focus({ preventScroll: true, focusVisible: true });
    rows[next].scrollIntoView({ block: "nearest" });
  };
  const currentRow = () => document.activeElement.closest(ROWS);
  const click = (element) => element && (element.click(), true);
  const SHORTCUTS = {
    j: () => move(1),
    k: () => move(-1),
    o: () => currentRow() && click(linkOf(currentRow())),
    x: () => currentRow() && click(currentRow().querySelector("[type=checkbox]")),
    "/": () => find(".search-form [type=search]")?.focus(),
    n: () => find("#keyboard-shortcuts")?.dataset.new && location.assign(find("#keyboard-shortcuts").dataset.new),
    "?": () => find("#keyboard-shortcuts")?.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of document.querySelectorAll("details.menu[open]")) { menu.open = false; }
      if (event.target.matches?.(".search-form [type=search]")) event.target.blur();
      return;
    }
    const run = SHORTCUTS[event.key];
    if (!run || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (isTyping(event.target) || find("dialog[open]") || (!shortcutsEnabled() && event.key !== "?")) return;
    event.preventDefault();
    run();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-shortcuts]")) find("#keyboard-shortcuts")?.showModal();
    if (event.target.closest("#request-error button")) find("#request-error").hidden = true;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.id !== "keyboard-shortcuts-on") return;
    try { localStorage.setItem("keys", event.target.checked ? "on" : "off"); } catch { /* then they stay on */ }
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.id === "keyboard-shortcuts") find("#keyboard-shortcuts-on").checked = shortcutsEnabled();
  }, true);

  /* Choosing the province of an appeal fills in the name of its appeal body, unless another name was typed. */
  document.addEventListener("change", (event) => {
    if (!event.target.dataset.recipients) return;
    const names = JSON.parse(event.target.dataset.recipients);
    const field = find("[name=recipient]");
    const typed = field.value.trim();
    if (!typed || Object.values(names).includes(typed)) field.value = names[event.target.value] ?? "";
  });

  /* An old error goes while its field differs from what was refused and the browser finds no fault with it, and comes
     back with the refused value: what is true of it only the server knows. */
  const isAsRefused = (field) => {
    if (field.matches("[type=checkbox], [type=radio]")) return field.checked === field.defaultChecked;
    if (field.matches("[type=file]")) return !field.files.length;
    if (field.matches("select")) return [...field.options].every((option) => option.selected === option.defaultSelected);
    return field.value === field.defaultValue;
  };
  const settleErrors = (event) => {
    const group = event.target.closest("[id^=div_id_], .table-drop__field") ?? event.target.parentElement;
    if (!group.querySelector(".is-invalid, .invalid-feedback")) return;
    const fields = [...group.querySelectorAll("input:not([type=hidden]), select, textarea")];
    const isSettled = !fields.every(isAsRefused) && fields.every((field) => field.validity.valid);
    group.classList.toggle("is-settled", isSettled);
    for (const field of group.querySelectorAll(".is-invalid")) field.setAttribute("aria-invalid", String(!isSettled));
  };
  document.addEventListener("input", settleErrors);
  document.addEventListener("change", settleErrors);

  /* Busy: shown 300 ms after a click, until the response arrives. */
  let timer;
  const showBusy = (button) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      find("#busy")?.classList.add("htmx-request");
      button?.classList.add("is-busy");
      button?.setAttribute("aria-busy", "true");
    }, 300);
  };
  const clearBusy = () => {
    clearTimeout(timer);
    find("#busy")?.classList.remove("htmx-request");
    for (const button of document.querySelectorAll(".is-busy")) {
      button.classList.remove("is-busy");
      button.removeAttribute("aria-busy");
    }
  };
  const showError = (kind) => {
    const box = find("#request-error");
    if (!box) return;
    box.querySelector("span").textContent = box.dataset[kind];
    box.hidden = false;
  };
  document.addEventListener("submit", (event) => {
    if (event.target.method === "dialog") return;
    showBusy(event.submitter);
    setTimeout(clearBusy, 15000);  // a file that is fetched leaves the page where it is
  }, true);
  addEventListener("pageshow", clearBusy);

  /* A failed request leaves the page and what was typed in it, and shows a sentence. */
  const isPolling = (event) => event.detail.elt?.getAttribute?.("hx-trigger")?.includes("every");
  for (const [name, kind] of [["sendError", "offline"], ["timeout", "offline"]]) {
    document.addEventListener(`htmx:${name}`, (event) => { clearBusy(); if (!isPolling(event)) showError(kind); });
  }
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status < 500) return;
    event.detail.shouldSwap = false;
    clearBusy();
    if (!isPolling(event)) showError(event.detail.xhr.status === 507 ? "full" : "broken");
  });
  document.addEventListener("htmx:beforeRequest", () => find("#request-error")?.setAttribute("hidden", ""));
  document.addEventListener("htmx:afterRequest", clearBusy);

  /* After htmx swaps in a page, focus the first invalid field, else the message, else the title, for screen readers. */
  const moveFocus = (event) => {
    if (!event.detail.boosted || event.detail.target !== document.body || find("main [autofocus]")) return;
    const wrong = find("main .is-invalid:not([type=hidden])");
    const start = wrong ?? find("main > .callout[role]") ?? find("main h1");
    if (!start) return;
    if (!wrong) start.tabIndex = -1;
    start.focus({ preventScroll: !wrong });
  };
  document.addEventListener("htmx:afterSettle", moveFocus);

  /* Scroll to today, where the browser does not support scroll-initial-target. */
  const showToday = () => {
    if (CSS.supports("scroll-initial-target: nearest")) return;
    for (const day of document.querySelectorAll(".day-strip:not(.day-strip--small) .day--today")) {
      day.parentElement.scrollLeft = day.offsetLeft - day.parentElement.clientWidth + 2 * day.offsetWidth;
    }
  };
  document.addEventListener("DOMContentLoaded", showToday);
  document.addEventListener("htmx:load", showToday);
})();
