"""After an older backup was restored: what was erased since then is erased again."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from cases.domain.status import OPEN_STATUSES
from cases.models import ApiToken, Case, Team, User
from cases.operations.deletion import anonymize_user, delete_team
from cases.operations.engine.perform import perform
from cases.operations.erasure import Erase
from cases.operations.submission import Withdraw


def replay_erasures(lines: Iterable[Mapping[str, Any]], now: datetime) -> int:
    """Erase again what these lines of the list name and the restored database still has; returns how many were there.

    A case that was open at the time of the backup was closed before it was erased: it is withdrawn first. Keys may
    have been given out anew since, so a team and an account must also be as old as the one that was erased.
    """
    count = 0
    for entry in lines:
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
