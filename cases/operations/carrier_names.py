"""How a team writes the carriers in its tables: names that the product knows, and those that somebody explained once."""

from cases.models import Carrier, CarrierName, Team


def known_carrier_names(team: Team) -> dict[str, str]:
    """The short names of carriers by normalized name, of the directory and as the team named them; two queries."""
    raise NotImplementedError


def name_carrier(team: Team, name: str, carrier: Carrier) -> CarrierName:
    """Remember that tables of this team mean `carrier` by `name`, in whatever way it is typed."""
    raise NotImplementedError
