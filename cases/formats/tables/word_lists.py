"""Lists of words, kept in the code as texts with spaces between."""


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())
