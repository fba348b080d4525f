"""What of the work list somebody looks at: kept for them in each team, until they choose otherwise."""

from collections.abc import Mapping

from cases.models import Membership, Team, User

#: 'mine' is 'yes' or absent; a department's name; a carrier's slug.
WORK_FILTERS = ("mine", "department", "carrier")


def save_work_filter(team: Team, wanted: Mapping[str, str], *, by: User) -> dict[str, str]:
    """Keep what this member of the team wants to see, whatever they may do there; returns what was kept."""
    kept = {name: wanted[name].replace("\0", "").strip()[:80] for name in WORK_FILTERS if wanted.get(name)}
    kept = {name: value for name, value in kept.items() if value}
    Membership.objects.filter(team=team, user=by).update(work_filter=kept)
    return kept
