"""What people wrote, in cells of a spreadsheet: read back as words, never run as a formula.

Excel, WPS and LibreOffice take a cell that begins with one of these characters for a formula, from CSV even in quotes,
and full-width ones where the system is Chinese or Japanese (OWASP, 'CSV Injection').
"""

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.lstrip(" \u3000").startswith(_BEGINS_FORMULA) else text


def unsafe(text: str) -> str:
    """The same text read back: without the apostrophe that `safe` put there."""
    bare = text.removeprefix("'")
    return bare if bare != text and safe(bare) == text else text
