"""A dossier with the newest anchor: what its check says, and what it refuses."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from cases.documents.dossier import DossierOptions, write_dossier
from cases.formats import dossier_anchors, zip_archive
from cases.formats.anchor_line import AnchorFacts, parse_line, parse_proof, proof_json, sign_line
from cases.formats.dossier_anchors import AnchoredCase
from cases.formats.dossier_manifest import DossierReport, sign_and_close, verify_dossier
from cases.formats.timestamps import read_certificates
from cases.models.anchor_store import anchor_store
from cases.models.keyrings import signing_key
from cases.operations import FollowUp
from cases.operations.anchors import make_anchor
from cases.reminders.anchor_delivery import send_waiting_anchors
from tests.helpers import CaseDriver, at
from tests.time_stamping import needs_openssl, time_stamp_service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("receipts_folder")]

NOW = at("2026-10-09T03:30")


def dossier(*drivers: CaseDriver) -> bytes:
    out = io.BytesIO()
    with translation.override("en"):
        write_dossier([driver.case for driver in drivers], out, options=DossierOptions(), now=at("2026-10-12T09:00"))
    return out.getvalue()


def checked(data: bytes, **options: Any) -> DossierReport:
    return verify_dossier(io.BytesIO(data), signing_key().public_key(), **options)


def follow_up(driver: CaseDriver) -> None:
    driver.do(FollowUp(at("2026-10-09T10:00"), words="催办"), "2026-10-09T10:00")


def signed_again(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The same dossier with other files, signed with the server's own key: what an administrator could make."""
    source = io.BytesIO(data)
    members = zip_archive.read_archive(source).members
    files = {member.name: zip_archive.read_member(source, member) for member in members}
    facts = json.loads(files.pop("manifest.json"))
    files.pop("manifest.sig")
    change(files)
    out = io.BytesIO()
    writer = zip_archive.ArchiveWriter(out)
    for name, content in files.items():
        writer.add(name, content)
    sign_and_close(
        writer, {name: facts[name] for name in facts if name not in ("files", "format", "key")}, signing_key()
    )
    return out.getvalue()


def flaws_of(data: bytes, change: Callable[[dict[str, bytes]], None]) -> list[str]:
    return [str(flaw) for flaw in checked(signed_again(data, change)).flaws]


@pytest.fixture
def drivers(new_driver: Callable[..., CaseDriver]) -> list[CaseDriver]:
    return [new_driver(f"1390013900{n}", submitted="2026-09-30T15:00") for n in range(3)]


def test_the_newest_anchor_covers_what_was_there(drivers: list[CaseDriver]) -> None:
    make_anchor(at("2026-10-08T03:30"))
    follow_up(drivers[0])
    make_anchor(at("2026-10-10T03:30"))
    drivers[1].do(FollowUp(at("2026-10-11T10:00"), words="催办"), "2026-10-11T10:00")
    report = checked(dossier(*drivers))
    made_at = "2026-10-09T19:30:00+00:00"
    assert report.flaws == []
    assert [(case.count) for case in report.cases] == [3, 3, 2]
    assert report.anchors == [
        AnchoredCase(drivers[0].case.reference, 3, 2, made_at),
        AnchoredCase(drivers[1].case.reference, 2, 2, made_at),
        AnchoredCase(drivers[2].case.reference, 2, 2, made_at),
    ]


def test_a_case_opened_since_has_no_anchor_yet(
    drivers: list[CaseDriver], new_driver: Callable[..., CaseDriver]
) -> None:
    make_anchor(NOW)
    newest = new_driver("13700137000")
    report = checked(dossier(drivers[0], newest))
    assert (report.flaws, [case.reference for case in report.anchors]) == ([], [drivers[0].case.reference])
    assert checked(dossier(newest)).anchors == []


def test_without_anchors_there_is_none(drivers: list[CaseDriver]) -> None:
    """As in the dossiers of earlier releases."""
    report = checked(dossier(drivers[0]))
    assert (report.flaws, report.anchors, report.files) == ([], [], 2)


def test_damaged_leaves_or_another_key_leave_the_anchor_out(drivers: list[CaseDriver], settings: Any) -> None:
    make_anchor(NOW)
    (anchor_store.folder / "00000001.leaves.gz").write_bytes(b"no gzip")
    assert checked(dossier(drivers[0])).anchors == []
    settings.SIGNING_KEY = ["AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="]
    make_anchor(at("2026-10-10T03:30"))
    assert [case.anchor for case in checked(dossier(drivers[0])).anchors] == [2]
    settings.SIGNING_KEY = []
    assert checked(dossier(drivers[0])).anchors == []


# What somebody with the key could sign


@pytest.fixture
def whole(drivers: list[CaseDriver]) -> bytes:
    make_anchor(NOW)
    follow_up(drivers[0])
    return dossier(drivers[0])


LINE = dossier_anchors.line_file_name(1)


def test_a_proof_of_another_case_or_of_a_record_written_anew_is_refused(
    drivers: list[CaseDriver], whole: bytes
) -> None:
    reference, other = drivers[0].case.reference, drivers[1].case.reference
    name = dossier_anchors.proof_file_name(reference)

    def with_leaf(**changes: Any) -> Callable[[dict[str, bytes]], None]:
        def change(files: dict[str, bytes]) -> None:
            proof = parse_proof(files[name])
            files[name] = proof_json(replace(proof, leaf=replace(proof.leaf, **changes)), 3)

        return change

    refused = f"{reference}: its path does not lead to the root of anchor 1"
    assert flaws_of(whole, with_leaf()) == []
    assert flaws_of(whole, with_leaf(reference=other)) == [refused]
    assert flaws_of(whole, with_leaf(count=1)) == [refused]
    assert flaws_of(whole, with_leaf(head="0" * 64)) == [refused]
    assert flaws_of(whole, lambda files: files.update({name: b"[]"})) == [
        f"{reference}: the path to its anchor cannot be read"
    ]


def test_a_record_that_does_not_go_on_from_its_anchor_is_refused(drivers: list[CaseDriver], whole: bytes) -> None:
    """The case was closed up behind the anchor: the chain in the dossier is whole, and another."""
    reference = drivers[0].case.reference
    short = json.loads(dict(files_of(whole))[f"timeline/{reference}.json"])
    assert short["count"] == 3
    one = parse_proof(dict(files_of(whole))[f"proofs/{reference}.json"])
    line = parse_line(dict(files_of(whole))[LINE])
    assert one.holds(line)
    other = json.loads(json.dumps(short))
    other["entries"][1]["hash"] = "f" * 64
    found = dossier_anchors.check_anchors(
        dossier_anchors.CheckedDossier(
            names=[LINE, f"proofs/{reference}.json"],
            cases=[reference],
            read=lambda name, most: dict(files_of(whole))[name],
            entry_hash=lambda case, sequence: other["entries"][sequence - 1]["hash"],
        ),
        signing_key().public_key(),
        [],
    )
    assert found[0] == []
    assert [str(flaw) for flaw in found[1]] == [
        f"{reference}: its entry 2 is not the one in anchor 1: the record was rewritten"
    ]


def files_of(data: bytes) -> list[tuple[str, bytes]]:
    source = io.BytesIO(data)
    return [(m.name, zip_archive.read_member(source, m)) for m in zip_archive.read_archive(source).members]


def test_a_missing_or_forged_line_is_refused(whole: bytes) -> None:
    assert flaws_of(whole, lambda files: files.pop(LINE) and None) == ["anchor 1 is missing or cannot be read"]

    def forge(files: dict[str, bytes]) -> None:
        files[LINE] = files[LINE].replace(b'"count":3', b'"count":4')

    assert flaws_of(whole, forge) == ["the signature of anchor 1 is not valid"]

    def renumber(files: dict[str, bytes]) -> None:
        line = parse_line(files[LINE])
        facts = AnchorFacts(7, line.made_at, line.count, line.root, line.previous)
        files[LINE] = sign_line(facts, signing_key())

    assert flaws_of(whole, renumber) == ["anchor 1 is missing or cannot be read"]


# With a time stamp, and in words


@needs_openssl
def test_a_time_stamp_is_checked_where_the_service_is_known(
    drivers: list[CaseDriver], tmp_path: Path, settings: Any, client: Client
) -> None:
    (tmp_path / "tsa").mkdir()
    with time_stamp_service(tmp_path / "tsa") as service:
        settings.TIMESTAMP_URL = service.url
        make_anchor(NOW)
        send_waiting_anchors(NOW)
    file = tmp_path / "dossier.zip"
    file.write_bytes(data := dossier(drivers[0]))
    trusted = read_certificates(service.root.read_bytes())
    (known,), (unknown,) = checked(data, trusted=trusted).anchors, checked(data).anchors
    assert (known.authority, known.is_stamp_checked, unknown.is_stamp_checked) == (
        "CN=Synthetic time stamps",
        True,
        False,
    )
    assert known.stamped_at == unknown.stamped_at != ""

    reference = drivers[0].case.reference
    proof = (
        f"{reference}: the first 2 entries were there when anchor 1 was made, on 9 Oct 2026, 03:30 by the server’s own "
        "clock."
    )
    confirmed = "A time-stamp service (CN=Synthetic time stamps) confirms that the anchor was there on"
    unchecked = "Who signed the time stamp was not checked: the service’s certificate is not known here."
    assert proof in printed(file)
    assert unchecked in printed(file)
    assert confirmed in printed(file, "--stamp-certificates", str(service.root))
    assert json.loads(printed(file, "--json"))["anchors"][0]["count"] == 2
    client.cookies.load({"django_language": "en"})
    for certificates, text in ((b"", unchecked), (service.root.read_bytes(), confirmed)):
        settings.TIMESTAMP_CERTIFICATES = certificates
        page = client.post(
            "/proof/", {"dossier": SimpleUploadedFile("d.zip", data), "key": ""}, headers={"accept-language": "en"}
        )
        assert text in page.content.decode()

    (tmp_path / "other").mkdir()
    with time_stamp_service(tmp_path / "other") as stranger:
        flaws = [str(flaw) for flaw in checked(data, trusted=read_certificates(stranger.root.read_bytes())).flaws]
    assert flaws == ["the time stamp of anchor 1 is not valid"]


def printed(file: Path, *words: str) -> str:
    out = io.StringIO()
    with translation.override("en"):
        call_command("verify_dossier", str(file), *words, stdout=out)
    return out.getvalue()


def test_a_dossier_without_an_anchor_says_so(drivers: list[CaseDriver], tmp_path: Path) -> None:
    file = tmp_path / "dossier.zip"
    file.write_bytes(dossier(drivers[0]))
    assert f"{drivers[0].case.reference}: no anchor covers it.\n" in printed(file)
    with pytest.raises(CommandError, match=r"holds no certificates in PEM form"):
        printed(file, "--stamp-certificates", str(file))
