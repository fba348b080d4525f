"""The product's side of a team's life, in a process of its own: the accounts, then commands as they are asked for.

    python -m tests.living.installation http://127.0.0.1:4711/

Prints the people's tokens, then reads commands, a JSON list of words on each line, and prints what each printed:
loading Django once saves a second for each of them.
"""

import json
import os
import sys
from datetime import time
from io import StringIO


def found_team(bot: str) -> dict[str, str]:
    """Li Na manages a team of three that has a bot at this address; returns everybody's API token by e-mail address."""
    from cases import clock
    from cases.domain.notification_hours import NotificationHours
    from cases.domain.roles import Role, Scope
    from cases.formats.channel_urls import parse_address
    from cases.models import Membership, User
    from cases.operations.accounts import change_hours, create_team
    from cases.operations.channels import add_channel
    from cases.operations.tokens import create_token

    li_na = User.objects.create_user("li.na@example.com", name="李娜")
    wang_wei = User.objects.create_user("wang.wei@example.com", name="王伟")
    zhao_min = User.objects.create_user("zhao.min@example.com", name="赵敏")
    team = create_team("销售一部", li_na)
    for agent in (wang_wei, zhao_min):
        Membership.objects.create(team=team, user=agent, role=Role.AGENT)
    change_hours(wang_wei, NotificationHours(time(10), time(18)))
    change_hours(zhao_min, NotificationHours(days_off=True))
    add_channel(team, "webhook", parse_address("webhook", bot), name="群机器人")
    return {
        membership.user.email: create_token(membership, name="life", scopes=[Scope.WRITE], days=90, now=clock.now())[1]
        for membership in Membership.objects.select_related("user", "team")
    }


def main(bot: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    import django

    django.setup()
    from django.core.management import call_command

    sys.stdout.write(f"{json.dumps(found_team(bot))}\n")
    sys.stdout.flush()
    for line in sys.stdin:
        printed = StringIO()
        call_command(*json.loads(line), stdout=printed)
        sys.stdout.write(f"{json.dumps(printed.getvalue())}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
