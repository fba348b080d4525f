"""Servers of their own for tests of the web server."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.buffering_site import PATIENT, Site
from tracker.web_server.limits import ClientLimits


@pytest.fixture
def site() -> Iterator[Callable[..., Site]]:
    started: list[Site] = []

    def start(limits: ClientLimits = PATIENT, **options: Any) -> Site:
        started.append(Site(limits, **options))
        return started[-1]

    yield start
    for one in started:
        one.stop()
