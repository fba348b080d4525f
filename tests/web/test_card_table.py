"""The table of cards: which cards, in which order, with which columns; saved views; what is done with a selection. All
of it without JavaScript."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import AuditEntry, Batch, Card, CardColumn, CardView, Carrier, Case, Team, User
from tests.web import scenarios
from tests.web.html_client import Page, Person
from tests.web.scenarios import Make
from tests.web.test_exports import download, lines


@pytest.fixture
def cards(team: Team, mobile: Carrier, unicom: Carrier) -> list[Card]:
    """Three cards, each with something that the others lack, and a column of each kind."""
    for at, (kind, title) in enumerate((("text", "分机"), ("number", "积分"), ("date", "盘点"), ("choice", "设备")), 1):
        choices = ["手机", "网关"] if kind == "choice" else []
        CardColumn.objects.create(team=team, key=f"c{at}", title=title, kind=kind, choices=choices, position=at)
    facts: list[dict[str, object]] = [
        {
            "carrier": mobile, "holder": "甲公司", "user": "张三", "department": "销售一部", "purpose": "marketing",
            "plan": "8元保号", "monthly_fee": Decimal("8.00"), "contract_end": date(2027, 3, 31), "note": "退机押金",
            "custom": {"c1": "8021", "c2": "9", "c3": "2026-09-30", "c4": "手机"},
        },
        {
            "carrier": unicom, "holder": "乙公司", "user": "李四", "department": "客服部", "purpose": "care",
            "plan": "59元", "monthly_fee": Decimal("59.00"), "opened_on": date(2020, 1, 1),
            "custom": {"c1": "7001", "c2": "100", "c4": "网关"},
        },
        {"carrier": mobile, "iccid": "89860000000000000003"},
    ]  # fmt: skip
    return [Card.objects.create(team=team, number=f"1380013000{n}", **fact) for n, fact in enumerate(facts, 1)]


def tails(page: Page) -> list[str]:
    """The last digit of each number that is listed."""
    return [text[-1] for href, text in page.links if text.startswith("138****")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "321"),
        ("carrier=china-mobile", "31"),
        ("holder=公司", "21"),
        ("holder==甲公司", "1"),
        ("holder==", "3"),
        ("user=李", "2"),
        ("department=部", "21"),
        ("department==客服部", "2"),
        ("purpose=care", "2"),
        ("purpose==", "3"),
        ("plan=59", "2"),
        ("fee_from=8&fee_to=58.99", "1"),
        ("note=押金", "1"),
        ("iccid=0003", "3"),
        ("opened_to=2020-12-31", "2"),
        ("contract_from=2027-01-01", "1"),
        ("c1=802", "1"),
        ("c1==", "3"),
        ("c2_from=10", "2"),
        ("c2_to=10", "1"),
        ("c3_from=2026-09-30&c3_to=2026-09-30", "1"),
        ("c4=网关", "2"),
        ("c4==", "3"),
        ("cases=none", "321"),
        ("cases=open", ""),
        ("q=0002", "2"),
        ("department=部&c4=手机", "1"),
        ("sort=user", "123"),  # by code points: 张, 李; without one at the end
        ("sort=-user", "213"),
        ("sort=monthly_fee", "123"),
        ("sort=-monthly_fee", "213"),
        ("sort=carrier", "132"),
        ("sort=c2", "123"),  # 9 before 100
        ("sort=-c1", "123"),
        ("sort=c1", "213"),
        ("sort=contract_end", "132"),
        ("sort=number", "123"),
        ("sort=purpose", "123"),
        ("sort=cases", "123"),
        ("sort=added", "123"),
        ("sort=nonsense", "321"),
        ("fee_from=x", "321"),
    ],
)
def test_cards_are_filtered_and_sorted_by_any_column(me: Person, cards: list[Card], query: str, found: str) -> None:
    page = me.get(f"/cards/?view=0&{query}")
    assert page.status == 200
    assert tails(page) == list(found)


def test_the_standing_of_the_open_case_is_a_filter_and_a_column(me: Person, new_driver: Make) -> None:
    late, ready = scenarios.overdue(new_driver).case, scenarios.draft(new_driver).case
    assert tails(me.get("/cards/?standing=overdue")) == ["5"]
    assert tails(me.get("/cards/?standing=draft")) == ["1"]
    assert tails(me.get("/cards/?cases=open&sort=standing")) == ["5", "1"]
    page = me.get("/cards/?cases=any&columns=number,standing")
    assert (f"/cases/{late.reference}/", "3 working days overdue") in page.links
    assert f"/cases/{ready.reference}/" in page.hrefs
    assert tails(me.get("/cards/?cases=not_open")) == []


def test_a_filter_is_posted_and_no_number_comes_into_the_address(me: Person, cards: list[Card]) -> None:
    sent = me.post(
        "/cards/", {"q": "138 0013 0001", "note": "打13800130002找他", "columns": "number,note", "rows": "50"}
    )
    assert sent.status == 302
    assert "13800130001" not in sent.location
    assert "q=138%2A%2A%2A%2A0001" in sent.location
    assert "13800130002" not in sent.location
    assert me.get("/cards/?note=13800130002").status == 302
    again = me.get("/cards/?view=0&fee_from=x&department=部")
    assert "Enter a number." in again.text
    assert again.form("/cards/").fields["fee_from"] == "x"  # what was typed stays


def test_texts_that_hold_a_number_are_masked_and_changed_on_the_cards_page(me: Person, cards: list[Card]) -> None:
    Card.objects.filter(pk=cards[0].pk).update(note="绑定 13900139000")
    page = me.get("/cards/?columns=number,note")
    assert "139****9000" in page.text
    assert "13900139000" not in page.html
    assert f"/cards/{cards[0].pk}/change/?columns=number%2Cnote" in page.hrefs


@pytest.mark.parametrize("sort", ["", "user", "-user", "monthly_fee", "-c2", "carrier", "cases", "standing"])
@pytest.mark.parametrize("count", [120, 1100])
def test_pages_follow_each_other_without_gaps(
    me: Person, team: Team, mobile: Carrier, unicom: Carrier, sort: str, count: int
) -> None:
    CardColumn.objects.create(team=team, key="c2", title="积分", kind="number")
    Card.objects.bulk_create(
        Card(
            team=team, number=f"13800{n:06}", carrier=(mobile, unicom)[n % 2], user=("", "甲", "乙")[n % 3],
            monthly_fee=n % 5 or None, custom={"c2": str(n % 7)} if n % 2 else {},
        )
        for n in range(count)
    )  # fmt: skip
    seen: list[str] = []
    page = me.get(f"/cards/?view=0&rows=200&sort={sort}")
    address, pages = "", 0
    while True:
        pages += 1
        seen += [href for href, text in page.links if text.startswith("138****") and "change" not in href]
        older = [href for href, text in page.links if text in ("Older", "Next")]
        if not older:
            break
        address, page = older[0], me.get(f"/cards/{older[0]}")
    assert len(seen) == len(set(seen)) == count
    back: list[str] = []
    for _ in range(pages - 1):
        newer = [href for href, text in page.links if text in ("Newer", "Previous")]
        page = me.get(f"/cards/{newer[0]}")
        own = [href for href, text in page.links if text.startswith("138****") and "change" not in href]
        back = own + back
    assert back == seen[: len(back)]
    assert "1380" not in address


def test_columns_are_chosen_and_moved_by_buttons(me: Person, cards: list[Card]) -> None:
    page = me.get("/cards/show/?department=部")
    fields = page.form().every
    assert fields["order"][:3] == ["carrier", "holder", "user"]
    moved = Page(
        me.client.post("/cards/show/?department=部", {"order": fields["order"], "column": ["holder", "c1"], "up": "c1"})
    )
    order = moved.form().every["order"]
    assert order.index("c1") == fields["order"].index("c1") - 1
    sent = Page(me.client.post("/cards/show/?department=部", {"order": order, "column": ["c1", "holder"], "save": "1"}))
    assert sent.status == 302
    shown = me.follow(sent)
    assert "columns=number%2Cholder%2Cc1" in sent.location
    assert tails(shown) == ["2", "1"]
    assert "分机" in shown.text
    assert "8021" in shown.text


def test_a_view_is_saved_opened_by_default_and_deleted(
    me: Person, colleague: Person, cards: list[Card], team: Team
) -> None:
    typed = {"name": "客服", "is_default": "on", "for_team": "on"}
    saved = me.fill("/cards/views/?columns=number,user&sort=-user&department=客服", **typed)
    view = CardView.objects.get()
    assert view.settings == {
        "columns": ["number", "user"], "sort": "-user", "filters": {"department": "客服"}, "rows": 50,
    }  # fmt: skip
    assert tails(me.follow(saved)) == ["2"]
    opened = colleague.follow(colleague.get("/cards/"))  # what the team opens first
    assert (tails(opened), "客服" in opened.text) == (["2"], True)
    assert tails(colleague.get("/cards/?view=0")) == ["3", "2", "1"]
    assert colleague.fill("/cards/views/?c4=手机", name="我的", is_default="on").status == 302
    assert tails(colleague.follow(colleague.get("/cards/"))) == ["1"]  # one's own comes before the team's
    assert tails(me.follow(me.get("/cards/"))) == ["2"]
    mine = CardView.objects.get(name="我的")
    assert me.post(f"/cards/views/{mine.pk}/", press="delete").status == 404
    assert colleague.post(f"/cards/views/{view.pk}/", press="delete").status == 403
    assert me.post(f"/cards/views/{view.pk}/", press="default").status == 302
    assert me.get("/cards/").status == 200
    assert me.post(f"/cards/views/{view.pk}/", press="delete").status == 302
    assert list(CardView.objects.values_list("name", flat=True)) == ["我的"]


def test_own_columns_are_managed_with_a_warning_before_values_go(
    me: Person, colleague: Person, team: Team, mobile: Carrier
) -> None:
    assert me.fill("/cards/columns/", title="分机").status == 302
    assert "already a column with this title" in me.fill("/cards/columns/", title="分机").text
    refused = me.fill("/cards/columns/", title="设备", kind="choice")
    assert "Enter the choices, one per line" in refused.text
    assert refused.form().fields["title"] == "设备"
    column = CardColumn.objects.get()
    card = Card.objects.create(team=team, number="13800138000", carrier=mobile, custom={"c1": "前台"})
    address = f"/cards/columns/{column.pk}/"
    assert "Cards with values that would not fit: 1, for example 前台." in me.fill(address, kind="number").text
    assert me.fill(address, title="分机号").status == 302
    assert "1 card has a value in this column." in me.get(f"{address}delete/").text
    assert me.fill(f"{address}delete/").status == 302
    card.refresh_from_db()
    assert (card.custom, CardColumn.objects.count()) == ({}, 0)
    assert colleague.get("/cards/columns/").status == 403


def test_a_card_has_its_own_columns_on_its_form_and_page(me: Person, cards: list[Card]) -> None:
    card = cards[0]
    address = f"/cards/{card.pk}/change/"
    form = me.get(address).form()
    assert (form.fields["c1"], form.fields["c3"], form.fields["user"]) == ("8021", "2026-09-30", "张三")
    refused = me.fill(address, c2="多", note="新的")
    assert "积分: “多” is not a number." in refused.text
    assert refused.form().fields["note"] == "新的"
    page = me.get(address)
    Card.objects.filter(pk=card.pk).update(department="别人改的")
    assert me.send(page, address, c2="12", c4="", iccid="89860000000000000001").status == 302
    card.refresh_from_db()
    assert card.custom == {"c1": "8021", "c2": "12", "c3": "2026-09-30"}
    assert card.department == "别人改的"  # only what was changed on this page is saved
    shown = me.get(f"/cards/{card.pk}/").text
    assert "分机 8021" in shown
    assert "ICCID 89860000000000000001" in shown
    about = AuditEntry.objects.filter(kind="card_changed").values_list("about", flat=True)
    assert list(about) == ["iccid; 积分; 设备"]


def test_a_card_is_changed_from_the_table_and_one_comes_back_to_it(me: Person, cards: list[Card]) -> None:
    sent = me.fill(f"/cards/{cards[0].pk}/change/?department=销售&sort=user", plan="新套餐")
    assert sent.location == "/cards/?department=%E9%94%80%E5%94%AE&sort=user"


def test_a_cell_is_saved_refused_or_in_conflict(
    me: Person, viewer: User, sign_in: Callable[..., Person], cards: list[Card]
) -> None:
    address = f"/cards/{cards[0].pk}/cell/"

    def sent(**data: str) -> tuple[int, dict[str, str]]:
        response = me.client.post(address, data)
        return response.status_code, response.json()

    assert sent(column="monthly_fee", value="９.5", shown="8.00") == (200, {"value": "9.50", "text": "9.50"})
    assert sent(column="carrier", value="china-unicom", shown="china-mobile") == (
        200, {"value": "china-unicom", "text": "China Unicom"},
    )  # fmt: skip
    assert sent(column="c4", value="座机", shown="手机") == (
        422, {"error": "设备: “座机” is not one of its choices: 手机, 网关."},
    )  # fmt: skip
    status, answer = sent(column="user", value="王五", shown="赵六")
    assert (status, answer["value"]) == (409, "张三")
    assert answer["error"].startswith("Someone changed this to “张三”")
    assert sent(column="number", value="1", shown="")[0] == 422
    assert sign_in(viewer).post(address, column="user", value="x", shown="张三").status == 403
    cells = sign_in(viewer).get("/cards/").html
    assert "data-value" not in cells


def test_a_value_is_set_for_a_selection(me: Person, cards: list[Card]) -> None:
    chosen = {"card": [cards[0].pk, cards[1].pk], "filter": "sort=user"}
    page = Page(me.client.post("/cards/many/values/", chosen))
    assert "For 2 cards." in page.text
    asked = me.send(page, "/cards/many/values/", column="monthly_fee")
    refused = me.send(asked, "/cards/many/values/", value="免费", save="1")
    assert "“免费” is not an amount." in refused.text
    assert refused.form().fields["value"] == "免费"
    done = me.send(refused, "/cards/many/values/", value="5", save="1")
    assert done.location == "/cards/?sort=user"
    assert "2 cards changed." in me.follow(done).text
    assert list(Card.objects.order_by("pk").values_list("monthly_fee", flat=True)) == [Decimal(5), Decimal(5), None]
    everything = {"everything": "1", "filter": "department=客服", "column": "plan", "value": "19元", "save": "1"}
    me.post("/cards/many/values/", everything)
    assert list(Card.objects.filter(plan="19元")) == [cards[1]]
    assert "No cards selected." in me.post("/cards/many/values/", {"card": "x"}).text


def test_cancellations_are_logged_in_a_batch_for_each_carrier(
    me: Person, cards: list[Card], team: Team, other_team: Team, mobile: Carrier
) -> None:
    foreign = Card.objects.create(team=other_team, number="13900139000", carrier=mobile)
    page = Page(me.client.post("/cards/many/cancel/", {"card": [*(card.pk for card in cards), foreign.pk]}))
    assert "For 3 cards." in page.text
    assert "China Mobile 2" in page.text
    assert "1380013" not in page.html
    future = me.send(page, "/cards/many/cancel/", happened_at="2030-01-01T10:00", reference="SL-1")
    assert "future" in future.text
    assert future.form().fields["reference"] == "SL-1"
    done = me.send(future, "/cards/many/cancel/", happened_at="2026-10-15T10:00")
    assert "2 requests logged" in done.text
    assert "1 request logged" in done.text
    again = me.send(future, "/cards/many/cancel/", happened_at="2026-10-15T10:00")  # a click that comes twice
    assert "2 requests logged" in again.text
    assert (Batch.objects.count(), Case.objects.count()) == (2, 3)
    assert {case.carrier_reference for case in Case.objects.all()} == {"SL-1"}
    refused = Page(me.client.post("/cards/many/cancel/", {"card": [cards[0].pk]}))
    nothing = me.send(refused, "/cards/many/cancel/", happened_at="2026-10-15T10:00")
    assert "None of these numbers can be submitted." in nothing.text


def test_one_carriers_cards_become_one_batch_whose_page_comes(me: Person, cards: list[Card]) -> None:
    page = Page(me.client.post("/cards/many/cancel/", {"everything": "1", "filter": "carrier=china-mobile"}))
    sent = me.send(page, "/cards/many/cancel/", happened_at="2026-10-15T10:00")
    assert sent.location == f"/batches/{Batch.objects.get().pk}/"
    assert "2 requests logged." in me.follow(sent).text


def test_an_export_has_the_columns_the_order_and_the_cards_that_are_shown(me: Person, cards: list[Card]) -> None:
    data = download(me, "/cards/export/?columns=number,c2,user&sort=-c2&department=部", format="csv")
    assert lines(data) == [["Number", "积分", "User"], ["138****0002", "100", "李四"], ["138****0001", "9", "张三"]]
    everything = lines(download(me, "/cards/export/", format="csv"))
    assert everything[0] == [
        *("Number", "Carrier", "Holder", "User", "Department", "Used for", "Plan", "Monthly fee (yuan)", "ICCID"),
        *("Opened on", "Contract ends", "分机", "积分", "盘点", "设备", "Card note", "Assignee, not yet a member"),
        *("Cases", "Open case", "Added on"),
    ]  # fmt: skip
    assert len(everything) == 4
    chosen = {"card": [cards[2].pk], "filter": "columns=number,iccid"}
    page = Page(me.client.post("/cards/export/", chosen))
    fields = page.form().fields
    response = me.client.post("/cards/export/", {**fields, "format": "csv"})
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert lines(content)[1:] == [["138****0003", "89860000000000000003"]]


def test_the_number_of_queries_does_not_grow_with_the_cards(
    me: Person, cards: list[Card], team: Team, mobile: Carrier
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert me.get("/cards/?view=0&rows=200&sort=user").status == 200
        return len(captured)

    few = queries()
    Card.objects.bulk_create(Card(team=team, number=f"1390013{n:04}", carrier=mobile, user="x") for n in range(150))
    assert queries() == few
    assert few <= 15


@pytest.mark.parametrize(
    "sort", ["number", "-number", "carrier", "cases", "holder", "-monthly_fee", "purpose", "c2", "-c1", "added", ""]
)
def test_a_file_has_the_cards_in_the_order_of_the_table(me: Person, cards: list[Card], sort: str) -> None:
    table = tails(me.get(f"/cards/?view=0&sort={sort}"))
    exported = lines(download(me, f"/cards/export/?columns=number&sort={sort}", format="csv"))
    assert [row[0][-1] for row in exported[1:]] == table
