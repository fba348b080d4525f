"""Inputs that several actions ask: notes, and when something happened."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from cases.operations.actions.spec import Input, InputKind

if TYPE_CHECKING:  # django-stubs-ext is a tool of development
    from django_stubs_ext import StrOrPromise

SHANGHAI_TIME = _("Beijing time.")
_NOTE, _WHEN = _("Notes"), _("Time")


def words_input(label: "StrOrPromise" = _NOTE, help_text: "StrOrPromise" = "", *, required: bool = False) -> Input:
    return Input("words", InputKind.WORDS, label, help_text, required)


def moment_input(label: "StrOrPromise" = _WHEN, help_text: "StrOrPromise" = SHANGHAI_TIME) -> Input:
    return Input("happened_at", InputKind.MOMENT, label, help_text, argument="at", defaults_to_now=True)
