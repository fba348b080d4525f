/* What of a page cannot be read on a phone, as it is, in each of its menus, and with everything unfolded: cut_off.py. */
({scrolls, speaks}) => {
  const found = new Set();
  const width = document.documentElement.clientWidth;
  function* around(element) { for (let at = element; at && at !== document.body; at = at.parentElement) yield at; }
  const name = (element) => {
    const words = (element.innerText || element.placeholder || "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `${element.tagName.toLowerCase()}.${[...element.classList].join(".")} “${words}”`;
  };
  const isHidden = (element) =>
    !element.checkVisibility({visibilityProperty: true, opacityProperty: true}) ||
    Boolean(element.closest(".visually-hidden, .visually-hidden-focusable, [aria-hidden=true]")) ||
    [...around(element)].some((one) => getComputedStyle(one).clipPath !== "none");
  const isButton = "button, .btn, .chip, .tally, .status-badge, .pill-label, summary";

  const ofText = (text) => {
    const holder = text.parentElement;
    if (!text.data.trim() || holder.closest("script, style, option, datalist, title, svg") || isHidden(holder)) return;
    const range = document.createRange();
    range.selectNodeContents(text);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
    if (!boxes.length || holder.closest(scrolls)) return;
    const right = Math.max(...boxes.map((box) => box.right)), left = Math.min(...boxes.map((box) => box.left));
    const bottom = Math.max(...boxes.map((box) => box.bottom));
    if (right > width + 1 || left < -1) found.add(`beyond the edge: ${name(holder)}`);
    for (const one of around(holder)) {
      const style = getComputedStyle(one), box = one.getBoundingClientRect();
      const isOutside = right > box.right + 1 || left < box.left - 1;
      if (["auto", "scroll"].includes(style.overflowX)) {
        if (one.scrollWidth > one.clientWidth + 1) found.add(`scrolls sideways: ${name(one)}`);
      } else if (style.overflowX !== "visible" && isOutside) found.add(`clipped: ${name(holder)}`);
      if (style.overflowY === "hidden" && bottom > box.bottom + 2) found.add(`clipped below: ${name(holder)}`);
      if (one.matches(isButton) && isOutside) found.add(`outside its button: ${name(one)}`);
    }
  };

  const ofTexts = () => {
    const across = document.documentElement.scrollWidth;
    if (across > width) found.add(`the page is ${across} wide`);
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) ofText(text);
  };

  /* What a field shows before one has typed, or chose. */
  const ofFields = () => {
    const pen = document.createElement("canvas").getContext("2d");
    for (const field of document.querySelectorAll("input[placeholder], select:not([multiple])")) {
      if (isHidden(field) || (field.value && field.tagName === "INPUT")) continue;
      const style = getComputedStyle(field);
      const text = (field.tagName === "SELECT" ? field.selectedOptions[0]?.text ?? "" : field.placeholder).trim();
      pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      if (pen.measureText(text).width > room) found.add(`cut in its field: ${field.name} “${text}”`);
    }
  };

  /* Where the titles of columns are not in sight, each cell has its own. */
  const ofCells = () => {
    for (const cell of document.querySelectorAll("main table td")) {
      const head = cell.closest("table").tHead;
      if (isHidden(cell) || !cell.innerText.trim() || cell.matches(speaks) || !head || !isHidden(head)) continue;
      if (getComputedStyle(cell, "::before").content === "none") found.add(`no label: ${name(cell)}`);
    }
  };

  const ofMenus = () => {
    const menus = [...document.querySelectorAll("details.menu")].filter((menu) => menu.checkVisibility());
    for (const menu of menus) {
      for (const other of menus) { other.open = other === menu; }
      const box = menu.querySelector(".menu__body").getBoundingClientRect();
      const end = menu.closest(".todo-panel > .actions") ? innerHeight : document.documentElement.scrollHeight - scrollY;
      const label = menu.querySelector("summary").innerText.trim();
      if (box.left < -1 || box.right > width + 1) found.add(`the menu “${label}” is beyond the edge`);
      if (box.top < -1 || box.bottom > end + 1) found.add(`the end of the menu “${label}”`);
    }
    for (const menu of menus) { menu.open = false; }
  };

  const all = () => { ofTexts(); ofFields(); ofCells(); };
  all();
  ofMenus();
  for (const details of document.querySelectorAll("main details:not(.menu)")) { details.open = true; }
  all();
  return [...found].sort();
}
