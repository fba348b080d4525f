"""axe-core asks a page what a person with a screen reader, or weak eyes, would stumble over."""

import os
from zlib import crc32

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

#: Every page in every language, width and theme, and not each once.
SOAK = bool(os.environ.get("XIAOKA_SOAK"))
LANGUAGES = ("zh-hans", "en")
WIDTHS = (1280, 390)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

_RUN = """async ({tags, rules}) => {
  const only = rules ? {type: "rule", values: rules} : {type: "tag", values: tags};
  const found = await axe.run({runOnly: only, resultTypes: ["violations"]});
  return found.violations.flatMap(rule => rule.nodes.map(node =>
    `${rule.id} (${rule.impact}) ${node.target.join(" ")}: ${node.failureSummary.split("\\n").slice(1).join("; ")}`));
}"""
#: Everything that folds is unfolded, and nothing moves any more: half-way between two themes no colour is the page's.
_STILL = """() => {
  document.querySelectorAll("main details").forEach(details => details.open = true);
  const still = new CSSStyleSheet();
  still.replaceSync("* { transition: none !important; animation: none !important; }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, still];
}"""


def turn(address: str, among: int) -> int:
    """Which of several ways a page is looked at, where each is looked at once: always the same for an address."""
    return crc32(address.encode()) % among


def stumbles(page: Page) -> list[str]:
    """What axe finds wrong with the page: by light all of its rules, by dark what can differ, the contrast."""
    found: list[str] = []
    page.evaluate(_STILL)
    page.evaluate(AXE_SCRIPT)
    for theme, rules in (("light", None), ("dark", ["color-contrast"])):
        page.emulate_media(color_scheme=theme)
        found += [f"{theme} {line}" for line in page.evaluate(_RUN, {"tags": TAGS, "rules": rules})]
    page.emulate_media(color_scheme="light")
    return found


def widths(address: str) -> tuple[int, ...]:
    """The widths at which an address is looked at."""
    return WIDTHS if SOAK else (WIDTHS[turn(address, len(WIDTHS))],)
