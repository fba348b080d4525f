"""The systemd units in deploy/ start what there is, with settings that there are."""

import re

import pytest

from cases.management.commands.serve import Command
from tests import ROOT


@pytest.mark.parametrize("half", ["web", "worker"])
def test_a_unit_starts_its_half(half: str) -> None:
    unit = (ROOT / "deploy" / f"xiaoka-{half}.service").read_text()
    started = re.findall(r"^ExecStart=/srv/xiaoka/\.venv/bin/python manage\.py serve (.+)$", unit, re.MULTILINE)
    parsed = Command().create_parser("manage.py", "serve").parse_args(started[0].split())
    assert (len(started), parsed.web_only, parsed.worker_only) == (1, half == "web", half == "worker")
    assert "EnvironmentFile=/etc/xiaoka.env\n" in unit


def test_every_setting_of_the_example_is_one() -> None:
    example = (ROOT / "deploy" / "xiaoka.env").read_text()
    named = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    items = set(re.findall(r'env\.\w+\("([A-Z_]+)"', (ROOT / "tracker" / "settings.py").read_text()))
    assert named >= {"DATA_DIR", "DATABASE_URL", "HTTPS", "METRICS_TOKEN"}
    assert named <= items
