"""docs/api.md, walked: its blocks are run against a real server, and say what stands below them."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cases.models import Carrier, Team, User
from tests.api.conftest import Made
from tests.conftest import ROOT

_BLOCK = re.compile(r"```sh\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", re.DOTALL)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.django_db(transaction=True)
def test_the_walk(
    program_of: Made, manager: User, team: Team, mobile: Carrier, live_server: Any, tmp_path: Path
) -> None:
    blocks = _BLOCK.findall((ROOT / "docs/api.md").read_text(encoding="utf-8"))
    assert len(blocks) == 10
    mark = "---- end of block"
    script = "".join(f"{commands}\necho; echo '{mark}'\n" for commands, _said in blocks)
    done = subprocess.run(
        ["bash", "-euo", "pipefail"],
        input=script,
        env={**os.environ, "XIAOKA": live_server.url, "TOKEN": program_of(manager, team).secret, "no_proxy": "*"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    outputs = done.stdout.split(mark)
    for (commands, said), output in zip(blocks, outputs, strict=False):
        for line in said.splitlines():
            assert line in output, f"{commands}\nsays\n{output}\nwithout\n{line}"
