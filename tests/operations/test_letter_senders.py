"""Who writes a team's letters and whom they go to: what is kept, and for which team and carrier."""

import pytest

from cases.domain.credit_codes import InvalidCreditCode
from cases.domain.errors import IdentityNumber
from cases.models import AuditEntry, Branch, Carrier, LetterRecipient, Team, TeamSender, User
from cases.operations.letter_senders import carrier_fields, remember_carrier_fields, save_sender, sender_fields
from tests.helpers import at

NOW = at("2026-10-16T10:00")
EMPTY = {"name": "", "address": "", "postcode": "", "phone": "", "contact": "", "credit_code": ""}


def test_a_sender_is_kept_for_its_team_and_its_changes_are_named(
    team: Team, other_team: Team, manager: User, stranger: User
) -> None:
    assert sender_fields(team) == EMPTY
    save_sender(other_team, {"name": "别的公司", "phone": "010-1"}, by=stranger, now=NOW)
    assert sender_fields(team) == EMPTY
    typed = {"name": " 某某公司 ", "phone": "021-1", "credit_code": "91350100 m000100y43", "signed_on": "2026-10-16"}
    save_sender(team, typed, by=manager, now=NOW)
    assert sender_fields(team) == EMPTY | {"name": "某某公司", "phone": "021-1", "credit_code": "91350100M000100Y43"}
    save_sender(team, {"name": "某某公司", "address": "某路 1 号"}, by=manager, now=NOW)
    assert sender_fields(team) == EMPTY | {"name": "某某公司", "address": "某路 1 号"}
    save_sender(team, {"name": "某某公司", "address": "某路 1 号"}, by=manager, now=NOW)  # nothing new
    entries = AuditEntry.objects.filter(kind="settings_changed", team=team, by=manager, at=NOW).order_by("pk")
    assert [entry.about for entry in entries] == [
        "sender: name, phone, credit_code", "sender: address, phone, credit_code",
    ]  # fmt: skip
    assert sender_fields(other_team)["name"] == "别的公司"


@pytest.mark.parametrize(
    ("fields", "error"),
    [({"credit_code": "91350100M000100Y44"}, InvalidCreditCode), ({"name": "张三 110101199003074514"}, IdentityNumber)],
)
def test_what_may_not_stand_there_is_not_kept(
    team: Team, manager: User, fields: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        save_sender(team, fields, by=manager, now=NOW)
    assert not TeamSender.objects.exists()


def branch(team: Team, carrier: Carrier, name: str, address: str) -> None:
    Branch.objects.create(team=team, carrier=carrier, name=name, address=address)


def test_a_letter_goes_to_the_one_branch_with_an_address(
    team: Team, other_team: Team, mobile: Carrier, unicom: Carrier
) -> None:
    branch(other_team, mobile, "东城", "东城路 1 号")
    branch(team, unicom, "西城", "西城路 1 号")
    branch(team, mobile, "无址", "")
    assert carrier_fields(team, mobile) == {"carrier_name": "中国移动", "carrier_address": "", "province": ""}
    branch(team, mobile, "南城", "南城路 1 号")
    assert carrier_fields(team, mobile)["carrier_address"] == "南城路 1 号"
    branch(team, mobile, "北城", "北城路 1 号")
    assert carrier_fields(team, mobile)["carrier_address"] == ""  # which of the two, nobody said


def test_a_letter_goes_where_the_last_one_went(team: Team, other_team: Team, mobile: Carrier, unicom: Carrier) -> None:
    branch(team, mobile, "南城", "南城路 1 号")
    remember_carrier_fields(team, mobile, {"carrier_name": " ", "carrier_address": "", "province": ""})
    assert not LetterRecipient.objects.exists()
    remember_carrier_fields(team, mobile, {"carrier_name": " 中国移动某分公司 ", "province": "上海市"})
    assert carrier_fields(team, mobile) == {
        "carrier_name": "中国移动某分公司", "carrier_address": "南城路 1 号", "province": "上海市",
    }  # fmt: skip
    remember_carrier_fields(team, mobile, {"carrier_name": "", "carrier_address": "某路 9 号"})
    assert carrier_fields(team, mobile) == {
        "carrier_name": "中国移动某分公司", "carrier_address": "某路 9 号", "province": "上海市",
    }  # fmt: skip
    assert carrier_fields(other_team, mobile)["carrier_name"] == "中国移动"
    assert carrier_fields(team, unicom)["carrier_name"] == "中国联通"
    remember_carrier_fields(team, unicom, {"carrier_name": "联通"})
    remember_carrier_fields(other_team, mobile, {"carrier_name": "移动"})
    assert carrier_fields(team, mobile)["carrier_name"] == "中国移动某分公司"
