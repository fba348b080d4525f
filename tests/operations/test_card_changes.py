"""What the register says of a card changes: on its open cases, in the audit log, and nowhere without a change."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.domain.errors import CardHasCases, NumberErased, NumberRefused, NumberTaken, ReasonMissing
from cases.domain.roles import ManagerRequired, OtherTeam
from cases.models import AuditEntry, Card, Carrier, CarrierMessage, Case, Team, User
from cases.operations import (
    CardFacts,
    Withdraw,
    card_import,
    correct_number,
    delete_card,
    register_card,
    update_card,
)
from cases.operations.audit_log import record_number_shown
from cases.operations.cards import NewCard, register_cards
from cases.operations.erasure import Erase
from tests.helpers import CaseDriver, make_user
from tests.moments import NOW

BEFORE = {"holder": "", "carrier": "china-mobile"}


def content(driver: CaseDriver) -> dict[str, object]:
    body = driver.last_content
    return {name: body[name] for name in ("by", "before", "after", "words") if name in body}


def noted(kind: str) -> list[tuple[str, str | None]]:
    return [(entry.about, entry.by and entry.by.name) for entry in AuditEntry.objects.filter(kind=kind).order_by("pk")]


def test_another_holder_is_on_the_open_case_and_in_the_audit_log(submitted: CaseDriver, agent: User) -> None:
    card, mobile = submitted.case.card, submitted.case.carrier
    update_card(card, mobile, {"holder": "王小明"}, by=agent, now=NOW)
    assert submitted.kinds == ["logged", "submitted", "card_changed"]
    after = {"holder": "王小明", "carrier": "china-mobile"}
    assert content(submitted) == {"by": "Wang Wei", "before": BEFORE, "after": after}
    assert submitted.chain_flaw is None
    assert noted("card_changed") == [("holder: - → 王**", "Wang Wei")]
    fresh = submitted.fresh()
    assert (fresh.status, fresh.carrier, fresh.version) == ("submitted", mobile, submitted.case.version)


def test_another_carrier_is_named_by_its_slug(draft: CaseDriver, unicom: Carrier, agent: User) -> None:
    update_card(draft.case.card, unicom, {"plan": "8元"}, by=agent, now=NOW)
    assert content(draft)["after"] == {"holder": "", "carrier": "china-unicom"}
    assert noted("card_changed") == [("carrier: china-mobile → china-unicom; plan: - → 8元", "Wang Wei")]
    assert draft.fresh().carrier.slug == "china-mobile"  # the request went to whom it went


def test_what_no_dossier_prints_is_in_the_audit_log_alone_and_the_same_again_nowhere(
    draft: CaseDriver, agent: User
) -> None:
    card, mobile = draft.case.card, draft.case.carrier
    update_card(card, mobile, {"plan": "8元保号", "purpose": "care"}, by=agent, now=NOW)
    update_card(card, mobile, {"holder": "", "plan": "8元保号"}, by=agent, now=NOW)
    register_card(card.team, card.number, mobile, CardFacts(plan="19元"), by=agent, now=NOW)
    assert draft.kinds == ["logged"]
    assert noted("card_changed") == [
        ("purpose: - → care; plan: - → 8元保号", "Wang Wei"),
        ("plan: 8元保号 → 19元", "Wang Wei"),
    ]


def test_a_closed_case_is_as_it_was(draft: CaseDriver, agent: User) -> None:
    draft.do(Withdraw(), NOW)
    update_card(draft.case.card, draft.case.carrier, {"holder": "王小明"}, by=agent, now=NOW)
    assert draft.kinds == ["logged", "withdrawn"]
    assert noted("card_changed") == [("holder: - → 王**", "Wang Wei")]


def test_an_import_changes_many_cards_in_the_statements_of_one(
    new_driver: Callable[..., CaseDriver], team: Team, mobile: Carrier, unicom: Carrier, agent: User
) -> None:
    drivers = [new_driver(f"1380000{n:04}") for n in range(41)]

    def statements(numbers: range, holder: str) -> int:
        new_cards = [NewCard(f"1380000{n:04}", unicom, facts=CardFacts(holder=holder)) for n in numbers]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            register_cards(team, new_cards, by=agent, now=NOW)
        return len(queries)

    assert statements(range(1), "甲") == statements(range(1, 41), "乙")
    assert [driver.kinds[-1] for driver in drivers] == ["card_changed"] * 41
    assert content(drivers[40])["after"] == {"holder": "乙", "carrier": "china-unicom"}
    assert len(noted("card_changed")) == 41


def test_a_table_imported_with_another_holder_is_on_the_case(submitted: CaseDriver, team: Team, agent: User) -> None:
    table = card_import.upload(
        team, "a.csv", "号码,运营商,机主\n13800138000,中国移动,李卫\n".encode(), by=agent, now=NOW
    )
    card_import.dry_run(table, by=agent, now=NOW)
    card_import.start(table, by=agent, now=NOW)
    list(card_import.run_chunks(table.pk, NOW))
    assert content(submitted) == {
        "by": "Wang Wei",
        "before": BEFORE,
        "after": {"holder": "李卫", "carrier": "china-mobile"},
    }


# A wrong number


def test_a_corrected_number_is_on_every_case_of_the_card_but_erased_ones(
    new_driver: Callable[..., CaseDriver], manager: User
) -> None:
    erased, closed = new_driver("13800138000"), None
    erased.do(Withdraw(), NOW)
    closed = new_driver("13800138000")
    closed.do(Withdraw(), NOW)
    open_one = new_driver("13800138000")
    erased.do(Erase(), NOW)
    card = correct_number(open_one.case.card, "139 0013-9000", "看错一位", by=manager, now=NOW)
    assert (card.number, Card.objects.get().number) == ("13900139000", "13900139000")
    expected = {"by": "Li Na", "before": "13800138000", "after": "13900139000", "words": "看错一位"}
    assert [content(driver) for driver in (closed, open_one)] == [expected, expected]
    assert [driver.kinds[-1] for driver in (erased, closed, open_one)] == [
        "erased", "number_corrected", "number_corrected",
    ]  # fmt: skip
    assert [driver.chain_flaw for driver in (closed, open_one)] == [None, None]
    assert noted("number_corrected") == [("138****8000 → 139****9000", "Li Na")]


def test_the_same_correction_again_changes_nothing(draft: CaseDriver, manager: User) -> None:
    for _ in range(2):
        correct_number(draft.case.card, "13900139000", "看错一位", by=manager, now=NOW)
    assert draft.kinds == ["logged", "number_corrected"]
    assert len(noted("number_corrected")) == 1


def test_what_a_correction_refuses(
    draft: CaseDriver, new_driver: Callable[..., CaseDriver], team: Team, mobile: Carrier, manager: User
) -> None:
    card, other = draft.case.card, new_driver("13900139000").case.card
    with pytest.raises(NumberTaken) as refused:
        correct_number(card, "13900139000", "看错一位", by=manager, now=NOW)
    assert refused.value.params == {"number": "139****9000", "card": other.pk}
    with pytest.raises(NumberRefused):
        correct_number(card, "12345", "看错一位", by=manager, now=NOW)
    with pytest.raises(ReasonMissing):
        correct_number(card, "13900139001", "  ", by=manager, now=NOW)
    gone = new_driver("13900139002")
    gone.do(Withdraw(), NOW)
    gone.do(Erase(), NOW)
    with pytest.raises(NumberErased):
        correct_number(gone.case.card, "13900139001", "看错一位", by=manager, now=NOW)
    assert (draft.kinds, draft.fresh().card.number, noted("number_corrected")) == (["logged"], "13800138000", [])


def test_the_same_number_in_another_team_is_in_nobodys_way(
    draft: CaseDriver, other_team: Team, mobile: Carrier, manager: User
) -> None:
    Card.objects.create(team=other_team, number="13900139000", carrier=mobile)
    assert correct_number(draft.case.card, "13900139000", "看错", by=manager, now=NOW).number == "13900139000"


def test_who_may_correct_and_delete(
    draft: CaseDriver, agent: User, viewer: User, stranger: User, other_team: Team
) -> None:
    card = draft.case.card
    for user, error in ((agent, ManagerRequired), (viewer, ManagerRequired), (stranger, OtherTeam)):
        with pytest.raises(error):
            correct_number(card, "13900139000", "x", by=user, now=NOW)
        with pytest.raises(error):
            delete_card(card, by=user, now=NOW)
    operator = make_user("op@example.com", other_team)
    operator.is_superuser = operator.is_staff = True
    operator.save()
    assert correct_number(card, "13900139000", "x", by=operator, now=NOW).number == "13900139000"


# Deleted


def test_a_card_without_cases_is_deleted_and_what_was_noted_stays(team: Team, mobile: Carrier, manager: User) -> None:
    card = register_card(team, "13900139000", mobile, CardFacts(holder="李四"), by=manager, now=NOW)
    record_number_shown(card, by=manager, now=NOW)
    message = CarrierMessage.objects.create(
        team=team, source="pasted", sender="10086", text="x", received_at=NOW, stored_at=NOW, digest="0" * 64,
        state="unmatched", card=card,
    )  # fmt: skip
    key = card.pk
    delete_card(card, by=manager, now=NOW)
    assert not Card.objects.exists()
    message.refresh_from_db()
    assert message.card is None
    assert list(AuditEntry.objects.order_by("pk").values_list("kind", "card_id", "about")) == [
        ("number_shown", key, ""),
        ("card_deleted", None, "139****9000"),
    ]


def test_a_card_with_a_case_stays_whatever_the_case(draft: CaseDriver, manager: User) -> None:
    draft.do(Withdraw(mistake=True), NOW)
    with pytest.raises(CardHasCases):
        delete_card(draft.case.card, by=manager, now=NOW)
    assert (Card.objects.count(), Case.objects.count(), noted("card_deleted")) == (1, 1, [])
