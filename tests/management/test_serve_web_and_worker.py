"""The web server and the worker, each started alone, as on several machines; and what the web's processes count."""

import re
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cases.management import startup_checks
from tests.helpers import run_concurrently
from tests.processes import PATIENCE, ServeProcess, free_port, wait_until


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., ServeProcess]]:
    started: list[ServeProcess] = []

    def served(*options: str, port: int) -> ServeProcess:
        started.append(ServeProcess(tmp_path / "data", port, *options))
        return started[-1]

    yield served
    for one in started:
        one.process.send_signal(signal.SIGTERM)
    for one in started:
        assert one.process.wait(PATIENCE) == 0, one.printed()


def requests(served: ServeProcess) -> dict[str, float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{served.port}/metrics", timeout=10) as answer:
        content = answer.read().decode()
    return {
        status: float(count)
        for status, count in re.findall(r'requests_total{route="proof",status="(\d+)"} (\S+)', content)
    }


@pytest.mark.drill
def test_each_half_runs_alone_and_the_figures_are_of_all_web_processes(start: Callable[..., ServeProcess]) -> None:
    web = start("--web-only", port=free_port())
    wait_until(lambda: "Ready: http" in web.printed(), "the web server answers")
    assert "qcluster" not in "".join(web.family().values())
    assert web.get("/healthz")[0] == 503  # nobody works on the jobs yet

    worker = start("--worker-only", port=web.port)  # which does not take it
    wait_until(lambda: web.get("/healthz")[0] == 200, "the worker is heard of")
    assert "Ready: the worker" in worker.printed()
    assert sum("gunicorn" in command for command in web.family().values()) == 3  # and its two processes

    with ThreadPoolExecutor(8) as people:  # so that both processes have their share
        assert {status for status, _ in people.map(lambda _: web.get("/proof/"), range(64))} == {200}
    assert [requests(web) for _ in range(4)] == [{"200": 64.0}] * 4


def test_one_half_at_a_time() -> None:
    with pytest.raises(CommandError, match="not allowed with"):
        call_command("serve", "--web-only", "--worker-only")


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_starts_at_once_change_the_tables_one_after_another() -> None:
    at_work: list[str] = []

    def start_up() -> None:
        with startup_checks.one_start_at_a_time():
            at_work.append("begun")
            time.sleep(0.05)
            at_work.append("done")

    run_concurrently(start_up, start_up, start_up)
    assert at_work == ["begun", "done"] * 3
