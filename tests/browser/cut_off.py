"""What of a page cannot be read on a phone: measured, not looked at."""

from playwright.sync_api import Page

#: What scrolls sideways on purpose, can be reached by keys, and begins where it matters; what one types in.
SCROLLS = ".day-strip, pre, textarea, input, select, .chart-scroll"
#: Cells that say what they are by themselves: numbers, badges, buttons; the row of a message spans the table.
SPEAKS_FOR_ITSELF = "[class*=unlabelled], .select-cell, [colspan], th"

_MEASURE = r"""({scrolls, speaks}) => {
  const found = new Set(), width = document.documentElement.clientWidth;
  const name = (element) => {
    const words = (element.innerText || element.value || element.placeholder || "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `${element.tagName.toLowerCase()}.${[...element.classList].join(".")} “${words}”`;
  };
  const isHidden = (element) => !element.checkVisibility({visibilityProperty: true, opacityProperty: true})
    || element.closest(".visually-hidden, .visually-hidden-focusable, [aria-hidden=true]")
    || [...ancestors(element)].some((one) => getComputedStyle(one).clipPath !== "none");
  function* ancestors(element) { for (let at = element; at && at !== document.body; at = at.parentElement) yield at; }
  const clips = (style) => style.overflowX !== "visible" && style.overflowX !== "auto" && style.overflowX !== "scroll";

  if (document.documentElement.scrollWidth > width) found.add(`the page is ${document.documentElement.scrollWidth} wide`);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const holder = text.parentElement;
    if (!text.data.trim() || holder.closest("script, style, option, datalist, title, svg") || isHidden(holder)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
    if (!boxes.length) continue;
    const right = Math.max(...boxes.map((box) => box.right)), left = Math.min(...boxes.map((box) => box.left));
    const bottom = Math.max(...boxes.map((box) => box.bottom));
    if (!holder.closest(scrolls) && (right > width + 1 || left < -1)) found.add(`beyond the edge: ${name(holder)}`);
    for (const around of ancestors(holder)) {
      if (around.matches(scrolls)) break;
      const style = getComputedStyle(around), box = around.getBoundingClientRect();
      if (style.overflowX === "auto" || style.overflowX === "scroll") {
        if (around.scrollWidth > around.clientWidth + 1) found.add(`scrolls sideways: ${name(around)}`);
      } else if (clips(style) && (right > box.right + 1 || left < box.left - 1)) found.add(`clipped: ${name(holder)}`);
      if (style.overflowY === "hidden" && bottom > box.bottom + 2) found.add(`clipped below: ${name(holder)}`);
      const isButton = around.matches("button, .btn, .chip, .tally, .status-badge, summary");
      if (isButton && (right > box.right + 1 || left < box.left - 1)) found.add(`outside its button: ${name(around)}`);
    }
  }
  const pen = document.createElement("canvas").getContext("2d");
  for (const field of document.querySelectorAll("input[placeholder], select")) {
    if (isHidden(field)) continue;
    const style = getComputedStyle(field), text = field.value && field.tagName === "INPUT" ? "" :
      field.tagName === "SELECT" ? field.selectedOptions[0]?.text ?? "" : field.placeholder;
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    if (pen.measureText(text.trim()).width > room + 2) found.add(`cut in its field: ${name(field)} ${text.trim()}`);
  }
  for (const cell of document.querySelectorAll("main table td")) {
    const head = cell.closest("table").tHead;
    if (isHidden(cell) || !cell.innerText.trim() || cell.matches(speaks) || (head && !isHidden(head))) continue;
    if (getComputedStyle(cell, "::before").content === "none") found.add(`no label: ${name(cell)}`);
  }
  return [...found];
}"""
_MENUS = r"""() => {
  const found = [];
  for (const menu of document.querySelectorAll("details.menu")) {
    if (!menu.checkVisibility()) continue;
    const at = menu.closest("details:not(.menu)"), was = at?.open;
    document.querySelectorAll("details.menu[open]").forEach((other) => { other.open = false; });
    menu.open = true;
    const body = menu.querySelector(".menu__body"), box = body.getBoundingClientRect();
    const isFixed = [...(function* () { for (let one = menu; one; one = one.parentElement) yield one; })()]
      .some((one) => getComputedStyle(one).position === "fixed");
    const label = menu.querySelector("summary").innerText.trim();
    if (box.left < -1 || box.right > document.documentElement.clientWidth + 1) found.push(`the menu ${label} is beyond the edge`);
    if (isFixed && (box.top < -1 || box.bottom > innerHeight + 1)) found.push(`the menu ${label} is beyond the window`);
    if (!isFixed && box.bottom + scrollY > document.documentElement.scrollHeight + 1) found.push(`the end of the menu ${label}`);
    menu.open = false;
  }
  return found;
}"""
_UNFOLD = (
    """() => document.querySelectorAll("main details:not(.menu)").forEach((details) => { details.open = true; })"""
)


def cut_off(page: Page) -> list[str]:
    """What is cut off on the page as it is, in each of its menus, and with everything unfolded."""
    asked = {"scrolls": SCROLLS, "speaks": SPEAKS_FOR_ITSELF}
    found: list[str] = page.evaluate(_MEASURE, asked)
    found += page.evaluate(_MENUS)
    page.evaluate(_UNFOLD)
    found += page.evaluate(_MEASURE, asked)
    return sorted(set(found))
