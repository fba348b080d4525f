"""``manage.py serve``: everything that is needed to use Xiaoka, in one foreground command; or one half of it."""

import http.client
import os
import socket
from tempfile import TemporaryDirectory

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import connections
from django.urls import reverse

from cases import queue
from cases.checks import LOOPBACK
from cases.management import startup_checks
from cases.management.demo import account_lines
from cases.management.invocation import database_name
from cases.management.supervisor import ProcessSupervisor
from cases.management.worker_name import claim_worker_name
from cases.models import Case
from cases.operations.accounts import first_account_token

ALL_INTERFACES = {"0.0.0.0", "::"}


class Command(BaseCommand):
    """Prepares what is missing, then runs web server and worker until Ctrl-C, or until one of them ends."""

    help = "Prepares the database, translations and static files, then runs the web server and the background jobs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="first fill an empty database with fictitious cases")
        mode = parser.add_mutually_exclusive_group()
        mode.add_argument(
            "--web-only", action="store_true", help="run only the web server; a worker must run elsewhere"
        )
        mode.add_argument("--worker-only", action="store_true", help="run only the worker, which listens on no port")

    def handle(self, *args: object, demo: bool, web_only: bool, worker_only: bool, **options: object) -> None:
        try:
            listener = self.prepare(demo=demo, web=not worker_only)
        except KeyboardInterrupt:
            raise CommandError("Stopped before startup was complete.", returncode=130) from None
        self.run(listener, worker=not web_only)

    def prepare(self, *, demo: bool, web: bool) -> socket.socket | None:
        """Does what has to be done before the start; returns the bound socket of a web server."""
        if demo and settings.HOST not in LOOPBACK:
            raise CommandError("The demo's password is public, so the demo runs on this machine only. Do not set HOST.")
        startup_checks.check_data_dir(settings.DATA_DIR)
        startup_checks.delete_stale_uploads()
        listener = startup_checks.bind_port(settings.HOST, settings.PORT) if web else None
        with startup_checks.one_start_at_a_time():
            self.prepare_database(demo=demo, web=web)
        self.print_line(f"Data: {settings.DATA_DIR}; database: {database_name()}")
        if web:
            self.print_first_start_link()
        if demo:
            self.print_demo_accounts()
        connections.close_all()
        return listener

    def prepare_database(self, *, demo: bool, web: bool) -> None:
        """Brings tables, carriers, files and the queue to this version."""
        startup_checks.run_migrations()
        call_command("load_carriers", verbosity=0)
        startup_checks.compile_translations()
        if web and not settings.DEBUG:
            startup_checks.collect_static()
        if demo and not Case.objects.exists():
            self.print_line("Loading fictitious cases; this takes a moment…")
            call_command("load_demo", verbosity=0)
        if demo and account_lines():  # the web server's processes read it: made-up cases need no second factor
            os.environ["ADMIN_SECOND_FACTOR"] = "false"
        queue.ensure_schedules()
        queue.enqueue("cases.tasks.beat")
        queue.enqueue("cases.tasks.sweep")
        # A new release of the calendar may know a schedule that deadlines waited for.
        queue.enqueue("cases.tasks.recalculate_provisional")

    def run(self, listener: socket.socket | None, *, worker: bool) -> None:
        """Runs web server and worker until a signal to end; CommandError when one of them ends by itself."""
        with TemporaryDirectory(prefix="xiaoka-metrics-", dir=_folder_in_memory()) as folder:
            # Where the web server's processes count requests: on this machine, and anew with each start. In memory,
            # because a process that counts in a file of a full disk is ended by the system.
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
            supervisor = ProcessSupervisor()
            try:
                if listener:
                    command = _web_server_command(listener.fileno())
                    supervisor.start("the web server", command, pass_fds=[listener.fileno()])
                    listener.close()
                if worker:
                    # Held by this process, and so free for the next worker when it ends.
                    name, _ = claim_worker_name(settings.XIAOKA_WORKER, settings.DATA_DIR / "workers")
                    os.environ["XIAOKA_WORKER"] = name
                    supervisor.start("the worker", ["manage.py", "qcluster"])
                self.wait_until_stopped(supervisor, web=listener is not None)
                self.print_line("Stopping…")
            finally:
                supervisor.stop_all()

    def wait_until_stopped(self, supervisor: ProcessSupervisor, *, web: bool) -> None:
        """Waits for a signal to end; CommandError when a child ends by itself."""
        ready = False
        while not supervisor.stop_requested():
            if ended_process := supervisor.first_ended():
                raise CommandError(f"{ended_process[0].upper()}{ended_process[1:]}; everything was stopped.")
            if not ready and (ready := not web or _is_answering()):
                self.print_line(f"Ready: {_local_url() if web else 'the worker'} (press Ctrl-C to stop)")
            supervisor.wait(0.2)

    def print_first_start_link(self) -> None:
        """Tells, while nobody has an account, the link that makes the first one."""
        if not get_user_model().objects.exists():
            self.print_line(
                "First start: open this link to create the system administrator's account (it works only once):"
            )
            self.print_line(f"  {settings.SITE_URL}{reverse('first_start', args=[first_account_token()])}")

    def print_demo_accounts(self) -> None:
        """Prints who can sign in to the demo, and how to create it again: its cases grow old with the days."""
        lines = account_lines()
        for line in lines:
            self.print_line(line)
        if lines:  # or else the folder holds somebody's own cases
            self.print_line(
                f"The fictitious cases date from the day they were loaded. To renew them, delete {settings.DATA_DIR}."
            )

    def print_line(self, line: str) -> None:
        """One line to the terminal, at once."""
        self.stdout.write(line)
        self.stdout.flush()


def _web_server_command(descriptor: int) -> list[str]:
    """The command of a web server on a socket that is bound already."""
    return [
        *("-m", "gunicorn", "tracker.wsgi", "--bind", f"fd://{descriptor}"),
        *("--worker-class", "tracker.web_server.worker.BufferingWorker", "--keep-alive", "15"),
        *("--workers", str(settings.WEB_WORKERS), "--threads", "4", "--worker-connections", "1000"),
        *("--graceful-timeout", "10", "--log-level", "warning", "--no-control-socket"),
    ]


def _folder_in_memory() -> str | None:
    """A folder whose files take no disk, where the machine has one that can be written."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK | os.X_OK) else None


def _local_url() -> str:
    """The site's address for a browser on this machine, without a slash at the end."""
    host = "127.0.0.1" if settings.HOST in ALL_INTERFACES else settings.HOST
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.PORT}"


def _is_answering() -> bool:
    """Whether the web server answers, well or not."""
    host = "127.0.0.1" if settings.HOST in ALL_INTERFACES else settings.HOST
    connection = http.client.HTTPConnection(host, settings.PORT, timeout=2)
    try:
        connection.request("GET", settings.HEALTH_PATH)
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
