"""Packages are pinned with the hashes of their files, and what is shipped is listed with its licences."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
import components
import lock

HASH = re.compile(r" --hash=sha256:[0-9a-f]{64}")


@pytest.mark.parametrize("name", lock.NAMES)
def test_a_lock_has_every_pin_of_its_file_and_a_hash_for_every_package(name: str) -> None:
    assert lock.is_current(name), f"{name}.lock does not go with {name}.txt: run make lock"
    text = (ROOT / f"{name}.lock").read_text()
    packages = re.split(r"\n(?=\S)", text.strip())
    assert len(packages) > 40
    assert [package.splitlines()[0] for package in packages if not HASH.search(package)] == []
    assert "://" not in text
    assert not re.search(r"^-", text, re.MULTILINE)  # no address, no folder, no option


def test_what_tests_the_product_has_all_that_runs_it_at_the_same_version() -> None:
    runs, tests = lock.pins(ROOT / "requirements.lock"), lock.pins(ROOT / "requirements-dev.lock")
    assert runs.items() <= tests.items()
    assert set(tests) - set(runs) >= {"pytest", "uv"}


@pytest.mark.parametrize(
    ("pinned", "locked", "current"),
    [
        ("Django==5.2.19\n", "django==5.2.19 \\\n    --hash=sha256:0\n", True),
        ("Django==5.2.19\n", "django==5.2.18 \\\n    --hash=sha256:0\n", False),
        ("Django==5.2.19\nsix==1.17.0\n", "django==5.2.19 \\\n    --hash=sha256:0\n", False),
        ("django-allauth[mfa]==65.21.1 # why\n", "django-allauth==65.21.1 ; sys_platform == 'linux' \\\n", True),
        ("-r run.txt\nsix==1.17.0\n", "six==1.17.0 \\\n", False),
    ],
)
def test_a_lock_that_does_not_go_with_its_file_is_seen(tmp_path: Path, pinned: str, locked: str, current: bool) -> None:
    (tmp_path / "run.txt").write_text("Django==5.2.19\n")
    (tmp_path / "a.txt").write_text(pinned)
    (tmp_path / "a.lock").write_text(locked)
    assert lock.is_current("a", tmp_path) is current


def test_the_component_list_has_each_package_its_licence_and_what_needs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(components, "COMPONENTS", tmp_path / "list.json")
    monkeypatch.setattr(sys, "argv", ["components.py", "components"])
    components.main()
    listed = json.loads((tmp_path / "list.json").read_text())
    assert (listed["bomFormat"], listed["specVersion"]) == ("CycloneDX", "1.6")
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", listed["serialNumber"])
    by_name = {component["name"].lower(): component for component in listed["components"]}
    pins = lock.pins(ROOT / "requirements.txt")
    assert set(pins) - {re.sub(r"[-_.]+", "-", name) for name in by_name} == set()
    django = by_name["django"]
    assert (django["version"], django["purl"]) == (pins["django"], f"pkg:pypi/django@{pins['django']}")
    assert django["licenses"] == [{"license": {"id": "BSD-3-Clause"}}]
    assert [work["name"] for work in django["components"]] == ["jquery", "select2", "xregexp"]
    assert by_name["cryptography"]["licenses"] == [{"expression": "Apache-2.0 OR BSD-3-Clause"}]
    needs = {entry["ref"]: entry["dependsOn"] for entry in listed["dependencies"]}
    assert f"pkg:pypi/sqlparse@{pins['sqlparse']}" in needs[django["bom-ref"]]
    assert django["bom-ref"] in needs["xiaoka"]
    references = [listed["metadata"]["component"]["bom-ref"], *(one["bom-ref"] for one in listed["components"])]
    assert len(set(references)) == len(references)
    assert {reference for needed in needs.values() for reference in needed} <= set(references)


def test_the_file_of_licences_is_of_todays_packages() -> None:
    text = components.LICENCES.read_text(encoding="utf-8")
    table = text.partition("=" * 100)[0]
    rows = [line.split() for line in table.splitlines()[3:] if line]
    listed = {(row[0].lower().replace("_", "-"), row[1]) for row in rows}
    for name, version in lock.pins(ROOT / "requirements.txt").items():
        assert (name, version) in listed, f"{name} {version}: run make licences"
    for phrase in ("GNU LESSER GENERAL PUBLIC LICENSE", "Zope Public License", "SIL OPEN FONT LICENSE", "OpenJS"):
        assert phrase.lower() in text.lower(), phrase


def test_a_package_without_a_licence_that_is_known_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(components, "_READ_BY_HAND", {})
    (ninja,) = [package for package in components.installed() if package.name == "django-ninja"]
    with pytest.raises(ValueError, match="licence of django-ninja is ''"):
        components.licence(ninja)


def test_a_lock_that_is_out_of_date_stops_the_set_up_in_one_line(tmp_path: Path) -> None:
    for name in ("install.py", "lock.py"):
        (tmp_path / "scripts").mkdir(exist_ok=True)
        (tmp_path / "scripts" / name).write_text((ROOT / "scripts" / name).read_text())
    (tmp_path / "requirements.txt").write_text("six==1.17.0\n")
    (tmp_path / "requirements.lock").write_text("six==1.16.0 \\\n    --hash=sha256:0\n")
    done = subprocess.run(
        [sys.executable, "scripts/install.py", "requirements.txt"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "xiaoka: requirements.lock does not have what requirements.txt pins; run make lock.\n"
    assert not (tmp_path / ".venv").exists()
