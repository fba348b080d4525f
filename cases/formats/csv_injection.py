"""What people wrote, in cells of a spreadsheet: read back as words, never run as a formula.

Excel, WPS and LibreOffice take a cell that begins with one of these characters for a formula, from CSV even in quotes,
and full-width ones where the system is Chinese or Japanese (OWASP, 'CSV Injection').
"""

_FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def escape_cell(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.lstrip(" \u3000").startswith(_FORMULA_PREFIXES) else text


def unescape_cell(text: str) -> str:
    """The same text read back: without the apostrophe that `escape_cell` put there."""
    unescaped = text.removeprefix("'")
    return unescaped if unescaped != text and escape_cell(unescaped) == text else text
