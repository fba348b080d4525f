"""After an older backup was restored: what was erased since then is erased again."""

from collections.abc import Iterable
from datetime import datetime

from cases.domain.status import OPEN_STATUSES
from cases.models import ApiToken, Case, Team, User
from cases.operations.deletion import anonymize_user, delete_team
from cases.operations.engine.perform import perform
from cases.operations.erasure import Erase
from cases.operations.erasure_list import Erasure
from cases.operations.submission import Withdraw


def replay_erasures(entries: Iterable[Erasure], now: datetime) -> int:
    """Erase again what the list names and the restored database still has; returns how many there were.

    A case that was open at the time of the backup was closed before it was erased: it is withdrawn first. Keys may
    have been reused since, so a team and an account must also be as old as the one that was erased.
    """
    count = 0
    for entry in entries:
        if entry["what"] == "case":
            cases = list(Case.objects.filter(reference=entry["reference"], erased_at=None))
            perform(Withdraw(), [case for case in cases if case.state in OPEN_STATUSES], by=None, now=now)
            perform(Erase(is_replay=True), cases, by=None, now=now)
            count += len(cases)
        elif entry["what"] == "team":
            created_at = datetime.fromisoformat(entry["created_at"])
            for team in Team.objects.filter(pk=entry["key"], created_at=created_at):
                delete_team(team, now)
                count += 1
        elif entry["what"] == "token":
            count += ApiToken.objects.filter(digest=entry["digest"]).count()
            ApiToken.objects.filter(digest=entry["digest"]).delete()
        elif entry["what"] == "account":
            joined = datetime.fromisoformat(entry["joined"])
            for user in User.objects.filter(pk=entry["key"], date_joined=joined, is_active=True):
                user.memberships.all().delete()
                anonymize_user(user)
                count += 1
    return count
