"""The quick filters of the work list: from the address, or as the person left them."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import pgettext

from cases import selectors
from cases.domain import masking
from cases.models import Carrier
from cases.operations.work_filter import WORK_FILTERS
from cases.selectors import Cases
from cases.selectors.filters import filter_cases
from cases.web.access import TeamRequest

#: In the address: everybody's, whatever was kept.
ALL = "all"


@dataclass(frozen=True)
class WorkFilter:
    """Whose cases, of which department, of which carrier (its slug); empty ones are all."""

    mine: str = ""
    department: str = ""
    carrier: str = ""

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> "WorkFilter":
        """A full number among them is masked."""
        values = {name: masking.mask_if_number(str(params.get(name, ""))[:80].strip()) for name in WORK_FILTERS}
        return cls(**values | {"mine": "yes" if values["mine"] == "yes" else ""})

    @classmethod
    def of_request(cls, request: TeamRequest) -> "WorkFilter":
        """What the address says: everything, or these filters; else what the person has kept for this team."""
        if request.GET.get("show") == ALL:
            return cls()
        if any(name in request.GET for name in WORK_FILTERS):
            return cls.from_params(request.GET.dict())
        membership = selectors.memberships_of(request.user).filter(team=request.team).first()
        return cls.from_params(dict(membership.work_filter) if membership else {})

    @property
    def is_used(self) -> bool:
        return bool(self.mine or self.department or self.carrier)

    def narrowed(self, cases: Cases, carriers: Mapping[str, Carrier], request: TeamRequest) -> Cases:
        """The cases of the team that this lets through; a carrier that is not there any more lets all through."""
        if not self.is_used:
            return cases
        params = {
            "department": self.department,
            "carrier": carriers.get(self.carrier),
            "handler": request.user.pk if self.mine else None,
        }
        return filter_cases(cases, request.now, params, request.team)

    def list_url(self, request: TeamRequest, standing: str, **more: str) -> str:
        """The list of the cases with this standing that this lets through."""
        handler = str(request.user.pk) if self.mine else ""
        params = {"standing": standing, "department": self.department, "carrier": self.carrier, "handler": handler}
        return f"{reverse('case_list')}?{urlencode({k: v for k, v in {**params, **more}.items() if v})}"

    def chips(self, carriers: Mapping[str, Carrier]) -> list[tuple[str, str]]:
        """Name and words of each that is used, to be taken off one by one."""
        labels = {
            "mine": pgettext("cases", "Mine") if self.mine else "",
            "department": self.department,
            "carrier": str(carriers.get(self.carrier, "")),
        }
        return [(name, label) for name, label in labels.items() if label]
