"""Upgrades a running installation without stopping it, from an older commit to what is checked out here, and looks
whether anything was lost: ``.venv/bin/python scripts/upgrade_drill.py COMMIT postgres://…/EMPTY``.

The steps are those of docs/operations.md ('Upgrade'): migrate, then the workers, then the web servers, one by one,
while people log cases without a break. Everything is made in a folder of its own and goes at the end, but for the
database.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

#: Run by the old code: a team with one person, a carrier; prints the session's key and the carrier's.
SET_UP = """
from django.test import Client
from django.conf import settings
from cases.models import Carrier, Membership, Team, User
user = User.objects.create_user("drill@example.com", "correct horse battery")
Membership.objects.create(team=Team.objects.create(name="Drill"), user=user, role="agent")
client = Client()
client.force_login(user)
print("KEYS", client.cookies[settings.SESSION_COOKIE_NAME].value, Carrier.objects.first().pk)
"""
#: Run by the new code: how many cases there are, and whether their records hold.
COUNT = """
from django.core.management import call_command
from cases.models import Case
call_command("verify_timeline")
print("CASES", Case.objects.count(), Case.objects.values("card__number").distinct().count())
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("commit", help="the release that runs now")
    parser.add_argument("database", help="an empty PostgreSQL")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xiaoka-drill-") as folder:
        old = Path(folder) / "old"
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", str(old), given.commit], cwd=ROOT, check=True)
        os.environ |= {"DATABASE_URL": given.database, "DATA_DIR": f"{folder}/data", "WEB_WORKERS": "1"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "tracker.settings"
        try:
            drill(old)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(old)], cwd=ROOT, check=True)


def drill(old: Path) -> None:
    import django

    django.setup()
    from tests.machines import Agent, wait_until

    webs = [Half(old, "--web-only")]
    wait_until(webs[0].ready, "the old web server answers")
    workers = [Half(old, "--worker-only")]
    _, session, carrier = manage(old, "shell", "-c", SET_UP, find="KEYS")
    halves = [*webs, *workers]
    try:
        agents = [Agent(session, int(carrier), webs, 13_000_000_000 + n * 10_000_000) for n in range(2)]
        for agent in agents:
            agent.start()

        def during(what: str) -> None:
            time.sleep(5)
            say(f"{sum(len(agent.logged) for agent in agents)} cases logged: {what}")

        during("old code, old tables")
        manage(ROOT, "migrate", "--verbosity=0")
        during("old code, new tables")
        workers.append(Half(ROOT, "--worker-only"))
        wait_until(workers[1].ready, "the new worker runs")
        halves.append(workers[1])
        workers[0].stop()
        during("old web server, new worker")
        fresh = Half(ROOT, "--web-only")
        halves.append(fresh)
        wait_until(fresh.ready, "the new web server answers")
        webs.append(fresh)
        during("old and new web server")
        gone = webs.pop(0)
        gone.stop()
        during("new code alone")
        for agent in agents:
            agent.enough.set()
            agent.join()
        wrong = [line for agent in agents for line in agent.wrong]
        logged = sum(len(agent.logged) for agent in agents)
        _, cases, numbers = manage(ROOT, "shell", "-c", COUNT, find="CASES")
        say(f"told as logged {logged}; there {cases}, of {numbers} numbers; sent again {sum(a.again for a in agents)}")
        if wrong or not (logged == int(cases) == int(numbers)):
            sys.exit(f"xiaoka: the upgrade lost or doubled something: {wrong[:3]}")
    finally:
        for half in halves:
            half.stop()


class Half:
    """`serve --web-only` or `--worker-only` of one of the two releases."""

    def __init__(self, where: Path, which: str) -> None:
        from tests.test_serve import free_port

        self.port = free_port()
        environment = os.environ | {"PORT": str(self.port)}
        command = [str(ROOT / ".venv" / "bin" / "python"), "manage.py", "serve", which]
        self.process = subprocess.Popen(
            command, cwd=where, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
        )

    def ready(self) -> bool:
        assert self.process.stdout
        return any(line.startswith("Ready") for line in iter(self.process.stdout.readline, ""))

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


def manage(where: Path, *arguments: str, find: str = "") -> list[str]:
    """Runs manage.py; returns the words of the line that begins with `find`."""
    command = [str(ROOT / ".venv" / "bin" / "python"), "manage.py", *arguments]
    done = subprocess.run(command, cwd=where, check=True, stdout=subprocess.PIPE, text=True)
    return next((line.split() for line in done.stdout.splitlines() if find and line.startswith(find)), [])


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
