/* Copies a text (data-copy) or that of an element (its id in data-copy-text), and says so. Where the browser gives no
   access to its clipboard (a page without TLS), the text is selected and copied the old way; without JavaScript there
   is no button. */
"use strict";
(() => {
  const copySelected = (text) => {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "visually-hidden";
    document.body.append(field);
    const before = document.activeElement;
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    before?.focus();
    return done;
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copySelected(text);
    }
  };

  const show = () => document.querySelectorAll("[data-copy-text][hidden]").forEach((button) => { button.hidden = false; });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy-text], [data-copy]");
    if (!button) return;
    const status = button.parentElement.querySelector("[data-copied]") ?? document.getElementById("copy-status");
    status.textContent = "";
    const text = button.dataset.copy ?? document.getElementById(button.dataset.copyText).textContent;
    if (!await copy(text)) return;
    status.textContent = status.dataset.copied;
    button.classList.add("is-copied");
    setTimeout(() => button.classList.remove("is-copied"), 2000);
  });
  document.addEventListener("DOMContentLoaded", show);
  document.addEventListener("htmx:load", show);
  show();
})();
