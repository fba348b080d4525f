"""What an entry of the activity log is about, in the active language.

Stored are names, codes and masked values with a few fixed English words (`cases/operations/audit_log.py` and who calls
it). Those are put into the reader's words here; a text of another form is shown as it is stored.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext, pgettext

from cases.domain.full_numbers import NUMBER_LIST_LABELS, NumberList
from cases.domain.roles import ROLE_LABELS, Scope
from cases.models import Card, Team, TeamSender
from cases.models.choices import AuditKind, ChannelKind, ColumnKind, ForwarderKind, FullNumbers
from cases.wording.joining import join_names, labelled

_FULL, _PROGRAM = r"(?P<full>, numbers in full)?", r"(?:, API: (?P<program>.*?))?"
_DOSSIER = re.compile(f"dossier{_FULL}{_PROGRAM}")
_LIST = re.compile(rf"(?P<count>\d+) (?P<noun>cases|cards), (?P<format>\w+){_PROGRAM}{_FULL}")
_STATEMENT = re.compile(r"statement (?P<month>\d{4}-\d{2}), (?P<format>\w+)")
_BILL = re.compile(r"(?P<month>\d{4}-\d{2}), (?P<count>\d+) lines")
_COLUMN = re.compile(r"card column (?P<act>[+=-])(?: \(\d+\))? (?P<title>.*) \((?P<kind>\w+)\)")
_ROWS = re.compile(r"(?P<name>.*), (?P<count>\d+) rows")
_CHANGE = re.compile(r"(?P<column>\w+): (?P<before>.*) → (?P<after>.*)")
_MEMBER = re.compile(rf"(?P<user>.+?) · (?P<role>{'|'.join(ROLE_LABELS)})(?P<by> · .*)?")
_TOKEN = re.compile(rf"(?P<name>.*) · (?P<scopes>(?:{'|'.join(Scope)})(?: (?:{'|'.join(Scope)}))*)")
_SETTING = re.compile(
    r"(?P<setting>keep_months|delete_on|channel|forwarder|language_model|name|full_numbers|sender): (?P<value>.*)"
)

#: What a pasted table is called where it was stored in the language of whoever pasted it.
_PASTED = gettext_noop("pasted rows")
_CREDENTIALS: Mapping[str, object] = {
    "password changed": gettext_lazy("password changed"),
    "e-mail changed": gettext_lazy("email address changed"),
    "second factor added": gettext_lazy("two-step verification set up"),
    "second factor removed": gettext_lazy("two-step verification removed"),
}
_SETTINGS: Mapping[str, object] = {
    "channel": gettext_lazy("reminder channel"),
    "forwarder": gettext_lazy("phone that forwards SMS"),
    "language_model": gettext_lazy("language model for unclear SMS"),
    "delete_on": gettext_lazy("team to be deleted on"),
}
#: What shows numbers in full by itself.
_PAGES: Mapping[str, object] = {"call sheet": gettext_lazy("call sheet"), "letter": gettext_lazy("letter")}
#: What was done with a column of the team's own.
_COLUMN_ACTS: Mapping[str, str] = {
    "+": gettext_noop("column “%(title)s” added (%(kind)s)"),
    "=": gettext_noop("column “%(title)s” changed (%(kind)s)"),
    "-": gettext_noop("column “%(title)s” removed (%(kind)s)"),
}
#: What was done with a language model.
_ACTS: Mapping[str, object] = {
    "on": gettext_lazy("turned on"),
    "off": gettext_lazy("turned off"),
    "changed": gettext_lazy("changed"),
    "removed": gettext_lazy("removed"),
}
_SCOPES: Mapping[str, object] = {
    Scope.READ: gettext_lazy("can read"),
    Scope.WRITE: gettext_lazy("can make changes"),
    Scope.NUMBERS: gettext_lazy("can see full numbers"),
}


def about_in_words(kind: str, about: str, carrier_names: Mapping[str, str]) -> str:
    """The text for people of an entry of this `AuditKind`; `carrier_names`: of all carriers, by their short names."""
    write = _WRITERS.get(kind)
    if kind == AuditKind.CARD_CHANGED:
        return _card_changes(about, carrier_names)
    return (write(about) if write and about else None) or about


def _exported(about: str) -> str | None:
    if about == "own data":
        return _("own data")
    if match := _STATEMENT.fullmatch(about):
        return join_names([_("monthly statement %(month)s") % match.groupdict(), match["format"].upper()])
    if match := _DOSSIER.fullmatch(about):
        return join_names([_("dossier"), *_how(match)])
    if match := _LIST.fullmatch(about):
        count = int(match["count"])
        cases = ngettext("%(count)s case", "%(count)s cases", count)
        cards = ngettext("%(count)s card", "%(count)s cards", count)
        text = (cases if match["noun"] == "cases" else cards) % {"count": count}
        return join_names([text, match["format"].upper(), *_how(match)])
    return None


def _number_shown(about: str) -> str | None:
    if about == "list, numbers in full":
        return join_names([pgettext("a list that was exported", "list"), _("numbers in full")])
    if about in _PAGES:
        return str(_PAGES[about])
    if about.startswith("API: "):
        return labelled("API", about.removeprefix("API: "))
    return _exported(about)


def _numbers_shown(about: str) -> str:
    """A list whose numbers were shown in full: 'batch 12' as 'Batch 12'."""
    name, _space, key = about.rpartition(" ")
    if name == NumberList.BATCH:
        return _("Batch %(key)s") % {"key": key}
    return _(NUMBER_LIST_LABELS.get(about, about))


def _how(match: re.Match[str]) -> list[str]:
    parts = [_("numbers in full")] if match["full"] else []
    return [*parts, labelled("API", match["program"])] if match["program"] else parts


def _imported(about: str) -> str | None:
    if bill := _BILL.fullmatch(about):
        count = int(bill["count"])
        lines = ngettext("%(count)s line", "%(count)s lines", count) % {"count": count}
        return join_names([_("bill of %(month)s") % {"month": bill["month"]}, lines])
    if not (match := _ROWS.fullmatch(about)):
        return _table_name(about)
    count = int(match["count"])
    rows = ngettext("%(count)s row", "%(count)s rows", count) % {"count": count}
    return join_names([_table_name(match["name"]), rows])


def _table_name(name: str) -> str:
    return _(_PASTED) if name in _all_translations(_PASTED) else name


@cache
def _all_translations(text: str) -> frozenset[str]:
    translations = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translations.add(_(text))
    return frozenset(translations)


def _card_changes(about: str, carrier_names: Mapping[str, str]) -> str:
    """Each change with the column's label; of a carrier its name."""
    return pgettext("between changes in a list", "; ").join(
        _card_change(change, carrier_names) for change in about.split("; ")
    )


def _card_change(change: str, carrier_names: Mapping[str, str]) -> str:
    match = _CHANGE.fullmatch(change)
    column = match["column"] if match else change
    try:
        field = Card._meta.get_field(column)
    except FieldDoesNotExist:
        return change
    label = str(getattr(field, "verbose_name", column))
    if not match:
        return label
    names = carrier_names if column == "carrier" else dict(getattr(field, "flatchoices", ()))
    before, after = (str(names.get(match[side], match[side])) for side in ("before", "after"))
    return labelled(label, f"{before} → {after}")


def _member(about: str) -> str | None:
    match = _MEMBER.fullmatch(about)
    return f"{match['user']} · {_(ROLE_LABELS[match['role']])}{match['by'] or ''}" if match else None


def _token(about: str) -> str | None:
    match = _TOKEN.fullmatch(about)
    return f"{match['name']} · {join_names(str(_SCOPES[s]) for s in match['scopes'].split())}" if match else None


def _setting(about: str) -> str | None:
    if about in _CREDENTIALS:
        return str(_CREDENTIALS[about])
    if column := _COLUMN.fullmatch(about):
        kinds = dict(ColumnKind.choices)
        values = {"title": column["title"], "kind": kinds.get(column["kind"], column["kind"])}
        return _(_COLUMN_ACTS[column["act"]]) % values
    match = _SETTING.fullmatch(about)
    if not match:
        return None
    setting, value = match["setting"], match["value"]
    if setting == "name":
        return labelled(_("team name"), value)
    if setting == "keep_months":
        months = _("without end") if value == "-" else value
        return labelled(str(Team._meta.get_field("keep_months").verbose_name), months)
    if setting == "full_numbers":
        label = str(Team._meta.get_field("full_numbers").verbose_name)
        return labelled(label, str(dict(FullNumbers.choices).get(value, value)))
    if setting == "sender":
        fields = (TeamSender._meta.get_field(name) for name in value.split(", "))
        names = [str(getattr(field, "verbose_name", field.name)) for field in fields]
        return labelled(_("Sender of letters"), join_names(names))
    if setting == "delete_on":
        return _("team is not deleted") if value == "-" else labelled(str(_SETTINGS[setting]), value)
    code, dot, name = value.partition(" · ")
    labels: dict[str, object] = {**dict(ChannelKind.choices), **dict(ForwarderKind.choices), **_ACTS}
    return labelled(str(_SETTINGS[setting]), f"{labels.get(code, code)}{dot}{name}")


_WRITERS: Mapping[str, Callable[[str], str | None]] = {
    AuditKind.EXPORTED: _exported,
    AuditKind.NUMBER_SHOWN: _number_shown,
    AuditKind.NUMBERS_SHOWN: _numbers_shown,
    AuditKind.IMPORTED: _imported,
    AuditKind.IMPORT_UNDONE: _imported,
    AuditKind.MEMBER_ADDED: _member,
    AuditKind.ROLE_CHANGED: _member,
    AuditKind.TOKEN_MADE: _token,
    AuditKind.SETTINGS_CHANGED: _setting,
}
