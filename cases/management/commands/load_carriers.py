"""``manage.py load_carriers``: the carriers and appeal bodies that every installation starts with."""

import json
from pathlib import Path
from typing import TypedDict

from django.core.management import BaseCommand
from django.db import transaction

from cases.models import AppealBody, Carrier, CarrierFact

DATA = Path(__file__).resolve().parents[2] / "data"


class CarrierEntry(TypedDict):
    """A carrier of carriers.json; beside these it has the fields of its row."""

    slug: str
    facts: list[dict[str, str]]


class AppealBodies(TypedDict):
    """appeal_bodies.json: fields of all rows, and those of each."""

    shared: dict[str, str]
    bodies: list[dict[str, str]]


class Command(BaseCommand):
    """Adds what is missing: carriers with their facts, by slug; appeal bodies, by province.

    Existing rows may have been edited, and stay.
    """

    help = "Adds the carriers and appeal bodies that are missing; changes none that are there."

    def handle(self, *args: object, verbosity: int, **options: object) -> None:
        added = load_missing_carriers(json.loads((DATA / "carriers.json").read_text(encoding="utf-8")))
        provinces = load_missing_bodies(json.loads((DATA / "appeal_bodies.json").read_text(encoding="utf-8")))
        if verbosity:
            self.stdout.write(f"Carriers added: {', '.join(added) or 'none'}")
            self.stdout.write(f"Appeal bodies added: {', '.join(provinces) or 'none'}")


@transaction.atomic
def load_missing_carriers(entries: list[CarrierEntry]) -> list[str]:
    """Stores the carriers whose slug is not there yet and their facts; returns those slugs."""
    existing_slugs = set(Carrier.objects.values_list("slug", flat=True))
    missing = [entry for entry in entries if entry["slug"] not in existing_slugs]
    for entry in missing:
        fields = {name: value for name, value in entry.items() if name != "facts"}
        carrier = Carrier.objects.create(**fields)
        CarrierFact.objects.bulk_create(CarrierFact(carrier=carrier, **fact) for fact in entry["facts"])
    return [entry["slug"] for entry in missing]


def load_missing_bodies(data: AppealBodies) -> list[str]:
    """Stores the appeal bodies whose province is not there yet; returns those provinces."""
    existing_provinces = set(AppealBody.objects.values_list("province", flat=True))
    missing = [
        AppealBody(**data["shared"], **body) for body in data["bodies"] if body["province"] not in existing_provinces
    ]
    AppealBody.objects.bulk_create(missing, ignore_conflicts=True)  # two starts at once
    return [body.province for body in missing]
