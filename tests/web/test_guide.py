"""The guide: open to everybody, and the paragraph that a case points to is there."""

import pytest

from cases.domain.case_standing import Step
from cases.models import Carrier
from cases.web.guide import help_url
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make, path

SLUGS = ["steps", "papers", "waiting", "delays", "scripts", "questions", "trust"]


@pytest.fixture
def anybody(anybody: Person) -> Person:
    anybody.client.cookies["django_language"] = "en"
    return anybody


@pytest.mark.parametrize("slug", ["", *(f"{slug}/" for slug in SLUGS)])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_chapter_opens_for_everybody_and_leads_on(
    anybody: Person, mobile: Carrier, slug: str, language: str
) -> None:
    anybody.client.cookies["django_language"] = language
    page = anybody.get(f"/guide/{slug}")
    assert page.status == 200
    linked = {href.partition("#")[0] for href in page.hrefs if href.startswith("/guide/")}
    assert linked >= {f"/guide/{other}/" for other in SLUGS}
    assert "%(" not in page.text


def test_the_papers_name_each_carrier_with_what_is_known(anybody: Person, mobile: Carrier, virtual: Carrier) -> None:
    mobile.facts.create(
        topic="online",
        statement="说法",
        statement_en="Ask the app",
        source="某网页",
        source_en="a page",
        confidence="L",
    )
    text = anybody.get("/guide/papers/").text
    assert "Company seal" in text
    assert "China Mobile 10086" in text
    assert "Ask the app Source: a page (Low: one unverified page)" in text
    assert "ICCID of the card (virtual operators)" in text
    anybody.client.cookies["django_language"] = "zh-hans"
    assert "说法 来源：某网页（低：一处网页，未核实）" in anybody.get("/guide/papers/").text


@pytest.mark.parametrize(
    ("chapter", "english", "chinese"),
    [
        (  # one advice on resellers, here and in the next two; L8 of wording.md
            "papers/",
            "Show documents only at the counter, or send them only to the carrier. A reseller gets them only after the "
            "carrier’s hotline has confirmed that cancellation goes through it; write the purpose on every copy.",
            "证件只在柜台出示，或只交给运营商。代理商要的，先打运营商客服热线确认要经它办理，再提供；每份复印件都写明用途。",
        ),
        (
            "papers/",
            "Show it at the branch; do not upload it here. A reseller gets a copy only after the carrier’s hotline has "
            "confirmed that cancellation goes through it; write the purpose on the copy.",
            "不要上传到这里。代理商要复印件的，先打运营商客服热线确认要经它办理，并在复印件上写明用途。",
        ),
        (
            "trust/",
            "The reseller that sold the card, but only after the carrier’s hotline has confirmed that the reseller "
            "handles the cancellation. Write the purpose on every copy.",
            "售卡的代理商：先打运营商热线确认要经它办理，再提供。每份复印件都写明用途。",
        ),
        (  # L7: article 31 is about cards that are lent or sold
            "trust/",
            "Illegally selling, renting out or lending a SIM card is forbidden (反电信网络诈骗法, article 31), and the "
            "holder may be held responsible.",
            "非法买卖、出租、出借电话卡是法律禁止的（《反电信网络诈骗法》第三十一条），机主可能因此承担责任。",
        ),
        (  # L12: from when the days of the appeal body count
            "delays/",
            "The appeal body decides whether to accept it within 5 working days of receiving the documents, and "
            "answers within 30 calendar days of receiving all of them.",
            "受理机构收到材料后 5 个工作日内决定是否受理；收到全部材料后 30 日内答复。",
        ),
        (
            "delays/",
            "you can appeal (申诉) to the appeal body of the province where the carrier is, in writing",
            "15 日内没有答复，或对处理结果不满意的，可以向运营商所在省的电信用户申诉受理机构书面申诉",
        ),
        (
            "delays/",
            "if you have already settled and the settlement was carried out",
            "双方已达成和解并执行",
        ),
        (
            "delays/",
            "articles 9 to 12 and those on time limits",
            "第九条至第十二条，以及关于办理期限的规定",
        ),
        (  # L16: at least 90 days, everywhere
            "",
            "It is frozen for at least 90 days, then given to someone else.",
            "至少冻结 90 天，之后会放给别人使用。",
        ),
        (
            "papers/",
            "A cancelled number cannot be recovered. It is frozen for at least 90 days, then given to someone else.",
            "号码注销后无法找回：至少冻结 90 天，之后会放给别人使用。",
        ),
        (
            "questions/",
            "No. It is frozen for at least 90 days, then given to someone else.",
            "不能。至少冻结 90 天，之后会放给别人使用。",
        ),
        (  # L17: what a suspended number costs is known from a weak source
            "steps/",
            "a suspended number usually still has a monthly fee",
            "停机期间通常仍有月租",
        ),
        (
            "questions/",
            "a number suspended for unpaid bills fails too and may still be charged",
            "欠费停机的号码同样打不通，而且可能还在计费",
        ),
    ],
)
def test_what_the_guide_says_of_law_and_money(anybody: Person, chapter: str, english: str, chinese: str) -> None:
    assert english in anybody.get(f"/guide/{chapter}").text
    anybody.client.cookies["django_language"] = "zh-hans"
    assert chinese in anybody.get(f"/guide/{chapter}").text


def test_a_day_can_be_tried_before_it_comes(anybody: Person) -> None:
    page = anybody.get("/guide/waiting/", submitted_at="2026-11-20T18:00")
    assert "Submitted at this time, the reply is due by the end of Fri 27 Nov." in page.text
    assert "You can make a first call after the end of Wed 25 Nov" in page.text
    assert "overdue" not in page.part("simulated")


def test_a_day_long_past_shows_its_window_and_no_lateness(anybody: Person) -> None:
    page = anybody.get("/guide/waiting/", submitted_at="2025-09-30T15:00")
    assert "due by the end of Tue 14 Oct 2025" in page.text
    assert page.html.count('<li class="day ') == 15  # 30 September to 14 October


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("soon", "Enter a date and time, like 2026-09-30 15:00."),
        ("1995-01-03T10:00", "not 1995."),
        ("9999-12-31T23:59", "not 9999."),
    ],
)
def test_what_is_no_day_or_too_far_is_said_and_kept(anybody: Person, typed: str, said: str) -> None:
    page = anybody.get("/guide/waiting/", submitted_at=typed)
    assert page.status == 200
    assert said in page.text
    assert f'value="{typed}"' in page.html


def test_htmx_gets_the_days_alone(anybody: Person) -> None:
    headers = {"HX-Request": "true", "HX-Target": "simulated"}
    answer = anybody.client.get("/guide/waiting/", {"submitted_at": "2026-11-20T18:00"}, headers=headers)
    assert answer.content.decode().lstrip().startswith('<div class="preview">')


def test_each_step_of_a_case_finds_its_paragraph(anybody: Person) -> None:
    by_name = {step: help_url(step) for step in Step if step not in (Step.NOTHING, Step.READ_MESSAGE)}
    for step, address in by_name.items():
        page, anchor = address.split("#")
        assert f'id="{anchor}"' in anybody.get(page).html, step


def test_a_case_points_to_its_paragraph(me: Person, new_driver: Make) -> None:
    assert "/guide/delays/#chase" in me.get(path(scenarios.overdue(new_driver))).hrefs


def test_who_is_signed_in_keeps_the_menu(me: Person) -> None:
    assert "/cards/" in me.get("/guide/").hrefs
    assert "/cards/" in me.get("/second-factor/").hrefs


def test_no_chapter_is_made_up(anybody: Person) -> None:
    assert anybody.get("/guide/nothing/").status == 404
