/* What pages can do more with a script: keys for lists, a word when something takes long or fails. Without it every
   page works all the same. Listeners stand on the document, because htmx changes what is in the body. */
"use strict";
(() => {
  const find = (selector) => document.querySelector(selector);
  const ROWS = ".case-rows > .case-row, .table-wrap tbody tr";

  /* Keys: j k move, Enter o open, x ticks, / searches, n logs, ? tells; never while somebody types. */
  const isTyping = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const areOn = () => { try { return localStorage.getItem("keys") !== "off"; } catch { return true; } };
  const linkOf = (row) => row.querySelector(".case-row__number, a.numeric, a");

  const move = (step) => {
    const rows = [...document.querySelectorAll(ROWS)].filter(linkOf);
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1);
    linkOf(rows[next]).focus({ preventScroll: true, focusVisible: true });
    rows[next].scrollIntoView({ block: "nearest" });
  };
  const here = () => document.activeElement.closest(ROWS);
  const press = (element) => element && (element.click(), true);
  const KEYS = {
    j: () => move(1),
    k: () => move(-1),
    o: () => here() && press(linkOf(here())),
    x: () => here() && press(here().querySelector("[type=checkbox]")),
    "/": () => find(".search-form [type=search]")?.focus(),
    n: () => find("#keys")?.dataset.new && location.assign(find("#keys").dataset.new),
    "?": () => find("#keys")?.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of document.querySelectorAll("details.menu[open]")) { menu.open = false; }
      if (event.target.matches?.(".search-form [type=search]")) event.target.blur();
      return;
    }
    const act = KEYS[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (isTyping(event.target) || find("dialog[open]") || (!areOn() && event.key !== "?")) return;
    event.preventDefault();
    act();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-keys]")) find("#keys")?.showModal();
    if (event.target.closest("#trouble button")) find("#trouble").hidden = true;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.id !== "keys-on") return;
    try { localStorage.setItem("keys", event.target.checked ? "on" : "off"); } catch { /* then they stay on */ }
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.id === "keys") find("#keys-on").checked = areOn();
  }, true);

  /* Busy: whoever pressed sees it after 300 ms, until an answer is there. */
  let timer;
  const busy = (button) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      find("#busy")?.classList.add("htmx-request");
      button?.classList.add("is-busy");
      button?.setAttribute("aria-busy", "true");
    }, 300);
  };
  const idle = () => {
    clearTimeout(timer);
    find("#busy")?.classList.remove("htmx-request");
    for (const button of document.querySelectorAll(".is-busy")) {
      button.classList.remove("is-busy");
      button.removeAttribute("aria-busy");
    }
  };
  const say = (what) => {
    const box = find("#trouble");
    if (!box) return;
    box.querySelector("span").textContent = box.dataset[what];
    box.hidden = false;
  };
  document.addEventListener("submit", (event) => {
    if (event.target.method === "dialog") return;
    busy(event.submitter);
    setTimeout(idle, 15000);  // a file that is fetched leaves the page where it is
  }, true);
  addEventListener("pageshow", idle);

  /* Failed: the page and what was typed in it stay, and a sentence says so. */
  const asksByItself = (event) => event.detail.elt?.getAttribute?.("hx-trigger")?.includes("every");
  for (const [name, what] of [["sendError", "offline"], ["timeout", "offline"]]) {
    document.addEventListener(`htmx:${name}`, (event) => { idle(); if (!asksByItself(event)) say(what); });
  }
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status < 500) return;
    event.detail.shouldSwap = false;
    idle();
    if (!asksByItself(event)) say("broken");
  });
  document.addEventListener("htmx:beforeRequest", () => { const box = find("#trouble"); if (box) box.hidden = true; });
  document.addEventListener("htmx:afterRequest", idle);

  /* A page that htmx fetched begins where whoever hears it should: at what was wrong, what was said, or its title. */
  const begin = (event) => {
    if (!event.detail.boosted || event.detail.target !== document.body || find("main [autofocus]")) return;
    const wrong = find("main .is-invalid:not([type=hidden])");
    const start = wrong ?? find("main > .callout[role]") ?? find("main h1");
    if (!start) return;
    if (!wrong) start.tabIndex = -1;
    start.focus({ preventScroll: !wrong });
  };
  document.addEventListener("htmx:afterSettle", begin);

  /* Today in sight, where the browser does not do it by itself. */
  const showToday = () => {
    if (CSS.supports("scroll-initial-target: nearest")) return;
    for (const day of document.querySelectorAll(".day-strip:not(.day-strip--small) .day--today")) {
      day.parentElement.scrollLeft = day.offsetLeft - day.parentElement.clientWidth + 2 * day.offsetWidth;
    }
  };
  document.addEventListener("DOMContentLoaded", showToday);
  document.addEventListener("htmx:load", showToday);
})();
