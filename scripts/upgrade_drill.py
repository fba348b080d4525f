"""Upgrades a running server without downtime, from an older commit to the current checkout, and checks that nothing
was lost: ``.venv/bin/python scripts/upgrade_drill.py COMMIT postgres://…/EMPTY``.

The steps are those of docs/operations.md ('Upgrade'): migrate, then the workers, then the web servers, one by one,
while two clients open cases without a pause. Everything but the database is in a temporary folder, deleted at the end.
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
SET_UP_SCRIPT = """
from django.test import Client
from django.conf import settings
from cases.models import Carrier, Membership, Team, User
user = User.objects.create_user("drill@example.com", "correct horse battery")
Membership.objects.create(team=Team.objects.create(name="Drill"), user=user, role="agent")
client = Client()
client.force_login(user)
print("KEYS", client.cookies[settings.SESSION_COOKIE_NAME].value, Carrier.objects.first().pk)
"""
#: Run by the new code: prints the number of cases, and whether their records verify.
COUNT_SCRIPT = """
from django.core.management import call_command
from cases.models import Case
call_command("record_states")
call_command("verify_timeline")
print("CASES", Case.objects.count(), Case.objects.values("card__number").distinct().count())
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("commit", help="the commit to upgrade from")
    parser.add_argument("database", help="the URL of an empty PostgreSQL database")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xiaoka-drill-") as folder:
        old = Path(folder) / "old"
        subprocess.run(
            ["git", "worktree", "add", "--quiet", "--detach", str(old), options.commit], cwd=ROOT, check=True
        )
        os.environ |= {"DATABASE_URL": options.database, "DATA_DIR": f"{folder}/data", "WEB_WORKERS": "1"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "tracker.settings"
        try:
            run_drill(old)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(old)], cwd=ROOT, check=True)


def run_drill(old: Path) -> None:
    import django

    django.setup()
    from tests.processes import wait_until
    from tests.traffic import TrafficClient

    webs = [ServeProcess(old, "--web-only")]
    wait_until(webs[0].is_ready, "the old web server answers")
    workers = [ServeProcess(old, "--worker-only")]
    _, session, carrier = run_manage(old, "shell", "-c", SET_UP_SCRIPT, prefix="KEYS")
    processes = [*webs, *workers]
    try:
        agents = [TrafficClient(session, int(carrier), webs, 13_000_000_000 + n * 10_000_000) for n in range(2)]
        for agent in agents:
            agent.start()

        def report_phase(phase: str) -> None:
            time.sleep(5)
            print_line(f"{sum(len(agent.logged) for agent in agents)} cases logged: {phase}")

        report_phase("old code, old tables")
        run_manage(ROOT, "migrate", "--verbosity=0")
        report_phase("old code, new tables")
        workers.append(ServeProcess(ROOT, "--worker-only"))
        wait_until(workers[1].is_ready, "the new worker runs")
        processes.append(workers[1])
        workers[0].stop()
        report_phase("old web server, new worker")
        new_web = ServeProcess(ROOT, "--web-only")
        processes.append(new_web)
        wait_until(new_web.is_ready, "the new web server answers")
        webs.append(new_web)
        report_phase("old and new web server")
        old_web = webs.pop(0)
        old_web.stop()
        report_phase("new code alone")
        for agent in agents:
            agent.stopped.set()
            agent.join()
        wrong = [line for agent in agents for line in agent.wrong]
        logged = sum(len(agent.logged) for agent in agents)
        _, cases, numbers = run_manage(ROOT, "shell", "-c", COUNT_SCRIPT, prefix="CASES")
        print_line(
            f"told as logged {logged}; there {cases}, of {numbers} numbers; sent again {sum(a.resent for a in agents)}"
        )
        if wrong or not (logged == int(cases) == int(numbers)):
            sys.exit(f"xiaoka: the upgrade lost or doubled something: {wrong[:3]}")
    finally:
        for process in processes:
            process.stop()


class ServeProcess:
    """`serve --web-only` or `--worker-only` of one of the two releases."""

    def __init__(self, where: Path, which: str) -> None:
        from tests.processes import free_port

        self.port = free_port()
        environment = os.environ | {"PORT": str(self.port)}
        command = [str(ROOT / ".venv" / "bin" / "python"), "manage.py", "serve", which]
        self.process = subprocess.Popen(
            command, cwd=where, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
        )

    def is_ready(self) -> bool:
        assert self.process.stdout
        return any(line.startswith("Ready") for line in iter(self.process.stdout.readline, ""))

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


def run_manage(where: Path, *arguments: str, prefix: str = "") -> list[str]:
    """Runs manage.py; returns the words of the output line that begins with `find`."""
    command = [str(ROOT / ".venv" / "bin" / "python"), "manage.py", *arguments]
    result = subprocess.run(command, cwd=where, check=True, stdout=subprocess.PIPE, text=True)
    return next((line.split() for line in result.stdout.splitlines() if prefix and line.startswith(prefix)), [])


def print_line(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
