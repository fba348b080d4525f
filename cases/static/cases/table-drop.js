/* A table of cards is dropped anywhere on a page that has the form for it, or pasted there, and goes to the preview.
   Without it the form's own fields do the same. Listeners are on the document, because htmx replaces the body. */
"use strict";
(() => {
  const dropForm = () => document.querySelector("form[data-table-drop]");
  const isTyping = (element) => element?.closest?.("input, textarea, select, [contenteditable]");
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  const highlight = (on) => dropForm()?.classList.toggle("is-dropping", on);

  const tell = (form, text) => {
    const place = form.querySelector("[data-drop-message]");
    place.textContent = text;
    place.hidden = false;
  };

  const submitFile = (form, file) => {
    const transfer = new DataTransfer();
    transfer.items.add(file);
    form.elements.upload.files = transfer.files;
    form.elements.pasted.value = "";
    form.requestSubmit();
  };

  document.addEventListener("dragover", (event) => {
    if (!dropForm() || !carriesFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    highlight(true);
  });
  // Left for good only where the pointer leaves the window: within it, each element is left on the way to the next.
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) highlight(false); });
  document.addEventListener("drop", (event) => {
    const form = dropForm();
    if (!form || !carriesFiles(event)) return;
    event.preventDefault();
    highlight(false);
    const files = event.dataTransfer.files;
    if (files.length === 1) submitFile(form, files[0]);
    else tell(form, form.dataset.oneFile);
  });

  /* Rows are what has tabs, lines or a number in it; a copied file counts too, but cells come with a picture of them. */
  const LARGEST_FIELD = 1_000_000;
  document.addEventListener("paste", (event) => {
    const form = dropForm();
    if (!form || isTyping(event.target)) return;
    const text = event.clipboardData.getData("text/plain");
    const files = event.clipboardData.files;
    if (/[\t\n]|\d{7}/.test(text)) {
      event.preventDefault();
      // A field holds less than a file.
      if (text.length > LARGEST_FIELD) return submitFile(form, new File([text], `${form.dataset.pastedName}.txt`));
      form.elements.upload.value = "";
      form.elements.pasted.value = text;
      form.requestSubmit();
    } else if (!text && files.length === 1) {
      event.preventDefault();
      submitFile(form, files[0]);
    }
  });
})();
