"""``manage.py load_carriers``: the carriers that the product knows from the start."""

import json
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand
from django.db import transaction

from cases.models import Carrier, CarrierFact

DATA = Path(__file__).resolve().parents[2] / "data" / "carriers.json"


class Command(BaseCommand):
    """Adds each carrier of DATA, with its facts, whose slug is missing; what is there was perhaps edited."""

    help = "Adds the carriers that are missing; changes none that are there."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        added = load_missing(json.loads(DATA.read_text(encoding="utf-8")))
        if verbosity:
            self.stdout.write(f"Carriers added: {', '.join(added) or 'none'}")


@transaction.atomic
def load_missing(entries: list[dict[str, Any]]) -> list[str]:
    """Stores the carriers whose slug is not there yet and their facts; returns those slugs."""
    known = set(Carrier.objects.values_list("slug", flat=True))
    missing = [entry for entry in entries if entry["slug"] not in known]
    for entry in missing:
        fields = {name: value for name, value in entry.items() if name != "facts"}
        carrier = Carrier.objects.create(**fields)
        CarrierFact.objects.bulk_create(CarrierFact(carrier=carrier, **fact) for fact in entry["facts"])
    return [entry["slug"] for entry in missing]
