"""Uploaded tables of cards: what each is, how far its import is, what became of its rows, and what was learnt of it."""

import json
import zlib
from collections.abc import Sequence
from typing import TypedDict

from cryptography.fernet import InvalidToken
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.cards import Card
from cases.models.carriers import Carrier
from cases.models.cases import Case
from cases.models.choices import ImportState
from cases.models.keyrings import RECEIPT_KEYS
from cases.models.people import Team, User


class SheetJson(TypedDict):
    """A sheet of an uploaded file as it is stored; a merge is first row, first column, last row, last column from 0."""

    name: str | None
    rows: list[list[str]]
    merges: list[list[int]]
    hidden: bool


class CardImport(models.Model):
    """A table, from its upload until all its rows are done. Rows are numbered from 1 as in the chosen sheet.

    `cursor` is the last row that is done; it moves in the transaction that does the rows, so that a kill loses or
    doubles none.
    """

    # Also finds those of a team, newest first: few, and looked at one page at a time.
    team = models.ForeignKey(Team, models.CASCADE, related_name="imports", verbose_name=_("team"))
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("uploaded by"))
    made_at = models.DateTimeField(_("uploaded"))
    name = models.CharField(_("name"), max_length=120)
    state = models.CharField(_("state"), max_length=9, choices=ImportState.choices, default=ImportState.NEW)
    # Names and numbers of rows of the workbook's sheets, and which of them is imported.
    sheets = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    sheet = models.PositiveSmallIntegerField(default=0, db_default=0)
    # The row of titles, counted from 1, 0 where there is none; None: as it is found.
    header_row = models.PositiveIntegerField(null=True, blank=True)
    # The carrier of all rows that name none.
    carrier = models.ForeignKey(
        Carrier, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("carrier")
    )
    # Cells mended in the preview: {"12": {"0": "13800138000"}}, by row (from 1) and column (from 0).
    fixes = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    # The titles of the sheet as read, and which field each column is: {"0": "number"}; none: as they are recognized.
    titles = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    # The dry run (`operations.card_import.dry_run`): how many rows have which outcome, and what was recognized.
    forecast = models.JSONField(default=dict)
    last_row = models.PositiveIntegerField(_("rows"), default=0)
    cursor = models.PositiveIntegerField(default=0)
    # The outcomes of the rows until now: {"new": 5, "changed": 1, …}.
    counts = models.JSONField(default=dict)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    # The file's sheets, encrypted, as rows of texts; empty once they are not needed any more.
    encrypted = models.BinaryField(db_column="sealed", default=b"", editable=False)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    def store_sheets(self, sheets: Sequence[SheetJson]) -> None:
        """Set `encrypted` to the sheets, compressed and encrypted; the caller saves."""
        self.encrypted = RECEIPT_KEYS.encrypt(zlib.compress(json.dumps(sheets, ensure_ascii=False).encode(), 1))

    def reencrypt(self) -> bool | None:
        """Encrypt the table with the newest key; returns whether it was not, or None when no key decrypts it."""
        try:
            RECEIPT_KEYS.decrypt_newest(bytes(self.encrypted))
            return False
        except InvalidToken:
            pass
        try:
            self.encrypted = RECEIPT_KEYS.encrypt(RECEIPT_KEYS.decrypt(bytes(self.encrypted)))
        except InvalidToken:
            return None
        self.save(update_fields=["encrypted"])
        return True

    def load_sheets(self) -> list[SheetJson]:
        """The file's sheets; none once they are deleted, or where their key is missing."""
        if not self.encrypted:
            return []
        try:
            stored = json.loads(zlib.decompress(RECEIPT_KEYS.decrypt(bytes(self.encrypted))))
        except InvalidToken:
            return []
        if stored and isinstance(stored[0], list):  # the rows alone, of an import before there were sheets
            return [{"name": None, "rows": stored, "merges": [], "hidden": False}]
        sheets: list[SheetJson] = stored
        return sheets

    def load_rows(self) -> list[list[str]]:
        """The rows of the chosen sheet as they were uploaded; none where there is no file any more."""
        sheets = self.load_sheets()
        return sheets[self.sheet]["rows"] if self.sheet < len(sheets) else []

    @property
    def has_rows(self) -> bool:
        """Whether the table is still stored."""
        return bool(self.encrypted)

    @property
    def percent(self) -> int:
        """Of the rows, how many are done."""
        return 100 * self.cursor // max(self.last_row, 1)


class ImportFailure(models.Model):
    """A refused row, and why (`wording.stored_text`)."""

    # Without an index of its own: that of the constraint begins with it.
    card_import = models.ForeignKey(CardImport, models.CASCADE, related_name="failures", db_index=False)
    row = models.PositiveIntegerField()
    why = models.TextField()

    class Meta:
        verbose_name = _("refused row of an import")
        verbose_name_plural = _("refused rows of imports")
        constraints = [models.UniqueConstraint(fields=["card_import", "row"], name="one_failure_per_row")]

    def __str__(self) -> str:
        return f"{self.card_import_id}/{self.row}"


class ImportedCard(models.Model):
    """What a row has done to a card, so that it can be taken back while nothing else was done to it.

    `before` and `after` are the facts of the card that the row changed (JSON); `before` is None where it was registered
    by the row.
    """

    # Without an index of its own: that of the constraint begins with it.
    card_import = models.ForeignKey(CardImport, models.CASCADE, related_name="cards", db_index=False)
    row = models.PositiveIntegerField()
    card = models.ForeignKey(Card, models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, models.SET_NULL, null=True, related_name="+", db_index=False)
    before = models.JSONField(null=True)
    after = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("imported card")
        verbose_name_plural = _("imported cards")
        constraints = [models.UniqueConstraint(fields=["card_import", "card"], name="one_import_of_a_card")]

    def __str__(self) -> str:
        return f"{self.card_import_id}/{self.row}"


class ImportMapping(models.Model):
    """What the columns of tables with these titles are, as a team has set it once; `titles` is a digest of them."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="import_mappings", db_index=False)
    titles = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    used_at = models.DateTimeField()

    class Meta:
        verbose_name = _("remembered columns of a table")
        verbose_name_plural = _("remembered columns of tables")
        constraints = [models.UniqueConstraint(fields=["team", "titles"], name="one_import_mapping_per_titles")]

    def __str__(self) -> str:
        return self.titles[:8]


class CarrierName(models.Model):
    """How a team writes a carrier in its tables, as somebody has said once; `name` is normalized."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="carrier_names", db_index=False)
    name = models.CharField(max_length=80)
    carrier = models.ForeignKey(Carrier, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("remembered name of a carrier")
        verbose_name_plural = _("remembered names of carriers")
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="one_carrier_per_name")]

    def __str__(self) -> str:
        return self.name
