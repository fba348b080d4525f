"""Who writes a team's letters, and whom at each carrier they go to: kept once and filled into every letter."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from cases.domain.credit_codes import normalize_credit_code
from cases.domain.letter_rules import SENDER_FIELDS, check_draft
from cases.models import Branch, Carrier, LetterRecipient, Team, TeamSender, User
from cases.models.choices import AuditKind
from cases.operations.audit_log import record_audit_entry


def sender_fields(team: Team) -> dict[str, str]:
    """The fields of a letter that say who writes it; empty where the team has kept nothing."""
    sender = TeamSender.objects.filter(team=team).first()
    return {name: getattr(sender, name) if sender else "" for name in SENDER_FIELDS}


def save_sender(team: Team, fields: Mapping[str, str], *, by: User, now: datetime) -> TeamSender:
    """Keep who writes the team's letters. The activity log names the fields that changed, and no value.

    Raises IdentityNumber, InvalidCreditCode.
    """
    values = {name: fields.get(name, "").strip() for name in SENDER_FIELDS}
    values["credit_code"] = normalize_credit_code(values["credit_code"])
    check_draft(values, "")
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        sender = TeamSender.objects.filter(team=team).first() or TeamSender(team=team)
        changed = [name for name, value in values.items() if getattr(sender, name) != value]
        for name, value in values.items():
            setattr(sender, name, value)
        if changed:
            sender.save()
            about = f"sender: {', '.join(changed)}"
            record_audit_entry(AuditKind.SETTINGS_CHANGED, by=by, now=now, team=team, about=about)
    return sender


def carrier_fields(team: Team, carrier: Carrier) -> dict[str, str]:
    """The fields of a letter that say whom at the carrier it goes to: as the team wrote last; else the carrier's name,
    and the address of the one branch that the team has noted with one."""
    known = LetterRecipient.objects.filter(team=team, carrier=carrier).first()
    name, address = (known.name, known.address) if known else ("", "")
    if not address:
        addresses = list(Branch.objects.filter(team=team, carrier=carrier).exclude(address="")[:2])
        address = addresses[0].address if len(addresses) == 1 else ""
    return {
        "carrier_name": name or carrier.name,
        "carrier_address": address,
        "province": known.province if known else "",
    }


def remember_carrier_fields(team: Team, carrier: Carrier, fields: Mapping[str, str]) -> None:
    """Keep whom a letter that is final went to, for the next one; what it leaves empty stays as it was."""
    given = {
        column: value
        for column, name in (("name", "carrier_name"), ("address", "carrier_address"), ("province", "province"))
        if (value := fields.get(name, "").strip())
    }
    if given:
        LetterRecipient.objects.update_or_create(team=team, carrier=carrier, defaults=given)
