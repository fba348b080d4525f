/* Rows chosen in a list, of cases and of cards alike: with Shift a range, with the box in the head the page, with that of
   a batch its cases, with that of a form its rows. The bar with the acts stays in sight while something is chosen, and says how much. Without it rows
   are ticked one by one, and the bar stands below the list. Listeners are on the document: htmx replaces the body. */
"use strict";
(() => {
  const find = (selector) => document.querySelector(selector);
  const boxes = () => [...document.querySelectorAll("[data-tick]")];
  const everything = () => find("[data-tick-everything]");

  const mark = (head, its) => {
    const ticked = its.filter((box) => box.checked).length;
    head.checked = its.length > 0 && ticked === its.length;
    head.indeterminate = ticked > 0 && ticked < its.length;
  };
  const refresh = () => {
    const all = boxes();
    for (const head of document.querySelectorAll("[data-tick-page]")) mark(head, all);
    for (const head of document.querySelectorAll("[data-tick-group]")) mark(head, inGroup(head));
    const bar = find("[data-selection-bar]");
    if (!bar) return;
    const ticked = all.filter((box) => box.checked).length;
    const isAll = Boolean(everything()?.checked);
    bar.classList.toggle("is-used", ticked > 0 || isAll);
    const said = bar.querySelector("[data-selection-said]");
    const text = isAll ? said.dataset.all : ticked ? said.dataset.some.replace("{n}", ticked) : "";
    if (said.textContent !== text) said.textContent = text;
  };
  const inGroup = (head) => [...head.closest("li, form").querySelectorAll("[data-tick]")];

  let last = null;
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (box.closest?.("[data-clear-selection]")) {
      for (const other of boxes()) other.checked = false;
      if (everything()) everything().checked = false;
      last = null;
      refresh();
      return;
    }
    if (!box.matches?.("[data-tick]")) return;
    const all = boxes().filter((other) => other.form === box.form);
    const [from, to] = [all.indexOf(last), all.indexOf(box)];
    if (event.shiftKey && from >= 0) {
      for (const other of all.slice(Math.min(from, to), Math.max(from, to) + 1)) other.checked = box.checked;
    }
    last = box;
  });
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches?.("[data-tick-page]")) for (const other of boxes()) other.checked = box.checked;
    if (box.matches?.("[data-tick-group]")) for (const other of inGroup(box)) other.checked = box.checked;
    // All that the filter finds includes the page; a row taken off again ends 'all'.
    if (box.matches?.("[data-tick-everything]")) for (const other of boxes()) other.checked = box.checked;
    else if (everything() && box.matches?.("[data-tick], [data-tick-page]") && !box.checked) everything().checked = false;
    if (box.matches?.("[data-tick], [data-tick-page], [data-tick-group], [data-tick-everything]")) setTimeout(refresh);
  });
  document.addEventListener("htmx:load", refresh);
  addEventListener("pageshow", refresh);
})();
