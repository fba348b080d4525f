"""Templates are read by people: no line of one is longer than a screen is wide."""

from tests import ROOT

TEMPLATES = ROOT / "templates"
LONGEST = 160


def test_no_line_is_too_long_to_read() -> None:
    too_long = [
        f"{path.relative_to(TEMPLATES.parent)}:{number}: {len(line)} characters"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        if len(line) > LONGEST
    ]
    assert not too_long, f"longer than {LONGEST}:\n" + "\n".join(too_long)
