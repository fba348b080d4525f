"""The colours of tokens.css can be read, in the light and in the dark (WCAG 2.1, 1.4.3: 4.5 to 1; 1.4.11: 3 to 1)."""

import re

import pytest

from tests.conftest import ROOT

CSS = (ROOT / "cases/static/cases/tokens.css").read_text(encoding="utf-8")
TONES = ("late", "due", "waiting", "done", "quiet")


def tokens(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", css))


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


LIGHT, _, DARK = CSS.partition("@media (prefers-color-scheme: dark)")
SCHEMES = {"light": tokens(LIGHT), "dark": tokens(LIGHT) | tokens(DARK)}


def test_the_measure_is_right() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_words_can_be_read_on_every_ground(scheme: str) -> None:
    its = SCHEMES[scheme]
    pairs = [(tone, f"{tone}-bg") for tone in TONES] + [
        (tone, ground) for tone in TONES for ground in ("sheet", "paper")
    ]
    pairs += [(ink, ground) for ink in ("ink", "ink-soft", "brand-deep") for ground in ("sheet", "paper", "quiet-bg")]
    weak = {pair: contrast(its[pair[0]], its[pair[1]]) for pair in pairs}
    weak["white", "press"] = contrast("#fff", its["press"])
    assert {pair: found for pair, found in weak.items() if found < 4.5} == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_edges_of_fields_can_be_seen(scheme: str) -> None:
    its = SCHEMES[scheme]
    assert contrast(its["edge"], its["sheet"]) >= 3
    assert contrast(its["edge"], its["paper"]) >= 2.9


@pytest.mark.parametrize("scheme", SCHEMES)
def test_both_schemes_name_the_same_colours(scheme: str) -> None:
    assert set(tokens(LIGHT)) - {"fff"} == set(SCHEMES[scheme])
