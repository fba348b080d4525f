/* Copies the text of an element named by data-copy-text, and says so. Where the browser gives no access to its clipboard
   (a page without TLS), the text is selected and copied the old way; without JavaScript there is no button. */
"use strict";
(() => {
  const select = (element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };

  const copy = async (element) => {
    try {
      await navigator.clipboard.writeText(element.textContent);
      return true;
    } catch {
      select(element);
      return document.execCommand("copy");
    }
  };

  const show = () => document.querySelectorAll("[data-copy-text]").forEach((button) => { button.hidden = false; });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy-text]");
    if (!button) return;
    const status = button.parentElement.querySelector("[data-copied]");
    status.textContent = "";
    if (await copy(document.getElementById(button.dataset.copyText))) status.textContent = status.dataset.copied;
  });
  document.addEventListener("DOMContentLoaded", show);
  document.addEventListener("htmx:load", show);
  show();
})();
