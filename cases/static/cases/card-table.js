/* Cells of the table of cards changed in place. Without it, cards are changed on their own
   pages. Listeners are on the document, because htmx replaces the body. */

const find = (selector) => document.querySelector(selector);
const CELL = ".card-table td[data-column]";
const cells = () => [...document.querySelectorAll(CELL)];

/* One cell of the table is a stop of the Tab key; the arrows lead to the others. */
const makeStop = (cell) => {
  for (const other of document.querySelectorAll(`${CELL}[tabindex="0"]`)) other.tabIndex = -1;
  if (cell) cell.tabIndex = 0;
};
const prepare = () => {
  const table = find(".card-table");
  if (!table || table.dataset.ready) return;
  table.dataset.ready = "yes";
  const all = cells();
  if (!all.length) return;
  table.setAttribute("role", "grid");
  table.setAttribute("aria-label", table.dataset.label);
  for (const cell of all) cell.tabIndex = -1;
  makeStop(all[0]);
};
const focusCell = (cell) => {
  if (!cell) return;
  makeStop(cell);
  cell.focus();
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
};

const neighbour = (cell, right, down) => {
  const row = cell.parentElement;
  if (down) {
    let next = row;
    do next = down > 0 ? next.nextElementSibling : next.previousElementSibling;
    while (next && !next.querySelector(`td[data-column="${cell.dataset.column}"]`));
    return next?.querySelector(`td[data-column="${cell.dataset.column}"]`);
  }
  const all = cells();
  return all[all.indexOf(cell) + right];
};

const headOf = (cell) => find(`.card-table th[data-column="${cell.dataset.column}"]`);
const optionsOf = (cell) => (headOf(cell)?.dataset.options ? JSON.parse(headOf(cell).dataset.options) : null);
const editorOf = (cell) => cell.querySelector(".cell-editor");
const textOf = (cell) => cell.querySelector(".card-table__text");

const makeEditor = (cell) => {
  const options = optionsOf(cell);
  const head = headOf(cell);
  const field = document.createElement(options ? "select" : cell.dataset.column === "note" ? "textarea" : "input");
  if (options) {
    for (const [value, name] of options) field.append(new Option(name, value));
    if (!options.some(([value]) => value === cell.dataset.value)) {
      field.append(new Option(cell.dataset.value, cell.dataset.value));
    }
  } else {
    if (["text", "choice"].includes(head.dataset.kind)) field.maxLength = Number(head.dataset.most);
    if (["number", "amount"].includes(head.dataset.kind)) field.inputMode = "decimal";
    if (head.dataset.kind === "date") field.placeholder = "2026-09-30";
    if (cell.dataset.column === "department") field.setAttribute("list", "departments");
    if (cell.dataset.column === "plan") field.setAttribute("list", "plans");
    field.autocomplete = "off";
  }
  field.className = "cell-editor form-control form-control-sm";
  field.setAttribute("aria-label", cell.dataset.label);
  return field;
};

/* Opens a cell: with what it holds, with what was typed before and refused, or with a first letter. */
const open = (cell, typed) => {
  if (editorOf(cell)) return editorOf(cell);
  const field = makeEditor(cell);
  field.value = typed ?? cell.dataset.value;
  textOf(cell).hidden = true;
  cell.append(field);
  cell.classList.add("is-open");
  return field;
};
const edit = (cell, typed) => {
  const field = open(cell, typed);
  makeStop(cell);
  field.focus();
  if (typed === undefined && field.select) field.select();
};
const close = (cell) => {
  cell.classList.remove("is-open", "is-wrong");  // first: to remove a field takes the focus from it
  editorOf(cell)?.remove();
  cell.querySelector(".cell-error")?.remove();
  textOf(cell).hidden = false;
};
const show = (cell, text) => {
  textOf(cell).textContent = text || "–";
  cell.classList.toggle("card-table__cell--empty", !text);
};
const showError = (cell, message, typed) => {
  const hasFocus = !document.activeElement || document.activeElement === document.body || cell.contains(document.activeElement);
  const field = open(cell, typed);
  cell.classList.add("is-wrong");
  cell.querySelector(".cell-error")?.remove();
  const said = document.createElement("p");
  said.className = "cell-error";
  said.id = `cell-error-${cells().indexOf(cell)}`;
  said.setAttribute("role", "alert");
  said.textContent = message;
  cell.append(said);
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", said.id);
  if (hasFocus) field.focus();
};

/* Saves a cell. What was typed stays, and the cell open, until the server has it. */
let waiting = 0;
const save = async (cell) => {
  const field = editorOf(cell);
  if (!field) return;
  const typed = field.value;
  if (typed.trim() === cell.dataset.value) { close(cell); return; }
  const table = find(".card-table");
  const shown = cell.dataset.value;
  const before = textOf(cell).textContent;
  close(cell);
  show(cell, optionsOf(cell)?.find(([value]) => value === typed)?.[1] ?? typed);
  cell.classList.add("is-saving");
  cell.setAttribute("aria-busy", "true");
  waiting += 1;
  const body = new FormData();
  body.append("csrfmiddlewaretoken", find("[name=csrfmiddlewaretoken]").value);
  body.append("column", cell.dataset.column);
  body.append("value", typed);
  body.append("shown", shown);
  let answer = {};
  try {
    const response = await fetch(cell.parentElement.dataset.cellUrl, { method: "POST", body });
    const isOurs = response.headers.get("content-type")?.includes("json");
    answer = isOurs ? await response.json() : { error: table.dataset.broken };
  } catch {
    answer = { error: table.dataset.offline };
  }
  waiting -= 1;
  cell.classList.remove("is-saving");
  cell.removeAttribute("aria-busy");
  if (answer.value !== undefined) cell.dataset.value = answer.value;
  show(cell, answer.text ?? (answer.error ? before.replace(/^–$/, "") : typed));
  if (answer.error) { showError(cell, answer.error, typed); return; }
  cell.classList.add("is-saved");
  setTimeout(() => cell.classList.remove("is-saved"), 1200);
  const said = find("#card-table-said");
  if (said) said.textContent = table.dataset.saved;
};
const cancel = (cell) => { close(cell); focusCell(cell); };

const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const stop = (event) => { event.preventDefault(); event.stopPropagation(); };

const keyInEditor = (event, cell) => {
  if (event.isComposing) return;
  if (event.key === "Escape") { stop(event); cancel(cell); }
  if (event.key === "Enter" && !(event.shiftKey && event.target.matches("textarea"))) {
    stop(event);
    save(cell);
    if (!editorOf(cell)) focusCell(neighbour(cell, 0, event.shiftKey ? -1 : 1) ?? cell);
  }
  if (event.key === "Tab") {
    const next = neighbour(cell, event.shiftKey ? -1 : 1, 0);
    save(cell);
    if (next) { stop(event); edit(next); }
  }
};
const keyAtCell = (event, cell) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const [right, down] = ARROWS[event.key] ?? [0, 0];
  if (right || down) { stop(event); focusCell(neighbour(cell, right, down)); return; }
  if (event.key === "Enter" || event.key === "F2") { stop(event); edit(cell); return; }
  if (event.key === "Delete" || event.key === "Backspace") { stop(event); edit(cell, ""); return; }
  // A letter begins an edit with it: not a shortcut of the page then. In an input method it comes as 'Process'.
  if (event.key.length === 1 || event.key === "Process") {
    event.stopPropagation();
    if (optionsOf(cell) || event.key === " ") { event.preventDefault(); edit(cell); } else edit(cell, "");
  }
};
document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.(CELL);
  if (!cell) return;
  if (event.target.matches(".cell-editor")) keyInEditor(event, cell);
  else if (event.target === cell) keyAtCell(event, cell);
}, true);

/* A click chooses a cell, the next one opens it; clicking elsewhere saves what was open. */
document.addEventListener("mousedown", (event) => {
  const cell = event.target.closest?.(CELL);
  if (!cell || event.target.closest("a, .cell-editor, .cell-error")) return;
  if (document.activeElement === cell || event.detail > 1) { event.preventDefault(); edit(cell); } else makeStop(cell);
});
document.addEventListener("focusout", (event) => {
  if (!event.target.matches?.(".cell-editor") || !event.target.isConnected) return;
  const cell = event.target.closest(CELL);
  // A refused value waits for its Enter, unless it was changed since.
  if (cell?.classList.contains("is-open") && !cell.classList.contains("is-wrong") && document.hasFocus()) save(cell);
});
document.addEventListener("input", (event) => {
  if (event.target.matches?.(".cell-editor")) event.target.closest(CELL).classList.remove("is-wrong");
});
addEventListener("beforeunload", (event) => {
  if (waiting || find(`${CELL}.is-wrong`)) event.preventDefault();
});

document.addEventListener("htmx:load", prepare);
prepare();
