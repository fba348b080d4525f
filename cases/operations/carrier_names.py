"""How a team writes the carriers in its tables: names that the product knows, and those that were explained once."""

from collections.abc import Iterable, Iterator

from cases.formats.tables.titles import normalize_title
from cases.models import Carrier, CarrierName, Team

#: Of a card whose carrier nobody knows yet: a carrier of the directory like others, so that nothing that looks at a
#: card must think of one without. It is there once an import needs it (docs/decisions/0048-cards-without-a-carrier.md).
UNKNOWN_CARRIER = "other-carrier"


def unknown_carrier() -> Carrier:
    """The carrier of cards whose carrier nobody knows, made where it is not there yet."""
    defaults = {"name": "其他运营商", "name_en": "Another carrier", "is_virtual": True}
    return Carrier.objects.get_or_create(slug=UNKNOWN_CARRIER, defaults=defaults)[0]


def is_known(carrier: Carrier) -> bool:
    """Whether it is a carrier, and not what stands for those that nobody knows."""
    return carrier.slug != UNKNOWN_CARRIER


def known_carrier_names(team: Team) -> dict[str, str]:
    """The short names of carriers by normalized name, of the directory and as the team named them; two queries."""
    names = dict(_directory_names(carrier for carrier in Carrier.objects.all() if is_known(carrier)))
    own_names = CarrierName.objects.filter(team=team).values_list("name", "carrier__slug")
    return names | dict(own_names)


def _directory_names(carriers: Iterable[Carrier]) -> Iterator[tuple[str, str]]:
    for carrier in carriers:
        for name in (carrier.slug, carrier.name, carrier.name_en, carrier.name.removeprefix("中国")):
            yield normalize_title(name), carrier.slug


def name_carrier(team: Team, name: str, carrier: Carrier) -> CarrierName:
    """Remember that tables of this team mean `carrier` by `name`, in whatever way it is typed."""
    stored_name = normalize_title(name)[: CarrierName._meta.get_field("name").max_length]
    return CarrierName.objects.update_or_create(team=team, name=stored_name, defaults={"carrier": carrier})[0]
