"""Where in the database a value stands, for those who read that it is not what was recorded."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StoredPlace:
    """A table and a column by their names, and a row by what it is called in the record of its case.

    `row` is empty where the case has one of the kind, `column` where the whole row is meant. `str` is how programs and
    English sentences name the place: 'cases_waitinground 2, reply_by'.
    """

    table: str
    row: str = ""
    column: str = ""

    def __str__(self) -> str:
        row = f" {self.row}" if self.row else ""
        return f"{self.table}{row}" + (f", {self.column}" if self.column else "")
