"""Two weeks of a team, from outside: every message that anybody gets, against a list typed from the rules by hand.

Li Na manages; Wang Wei takes messages from 10:00 until 18:00, Zhao Min on days off too; the team has a bot. They look
after eight cases at two carriers from Monday 2026-09-14 on: the Sunday of that week is worked, Friday the 25th is
Mid-Autumn, and October begins with seven days off. The mail server is away from Friday evening until Monday, and on a
Wednesday morning, whose day off nobody enters before nine.

What people do goes to a real web server over the API; the worker's part is the command of a terminal, minute by minute
where something may happen. All of them read one clock, a file (XIAOKA_NOW).
"""

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests import ROOT
from tests.fake_services import Got, Receiver, anything, serving
from tests.processes import ServeProcess, environment, free_port, wait_until
from tests.reminders.mailserver import MailServer, mail_server

pytestmark = [pytest.mark.drill, pytest.mark.sqlite]  # its products are on SQLite

LI_NA, WANG_WEI, ZHAO_MIN = "li.na@example.com", "wang.wei@example.com", "zhao.min@example.com"
BOT = "bot"

#: How messages call what they are about.
WORDS = {
    "尚未受理": "ack_missing",
    "可以首次催问": "window_open",
    "超期": "overdue",
    "仍然超期": "still_overdue",
    "承诺未兑现": "promise_broken",
    "待核实": "verify",
    "被退回，待补办": "returned",
    "投诉未获答复": "complaint_unanswered",
    "有短信待处理": "message",
    "待核对账单": "final_bill",
}
#: Where the heading would repeat the line, the line stands alone: the whole line.
STEPS = {
    r"打 \d+ 首次催问": "window_open",
    r"打 \d+ 催办": "overdue",
    r"核实号码是否真的注销了": "verify",
    r"缴清欠费，保留凭证，再重新提交": "returned",
    r"核对注销后的账单.+": "final_bill",
}

# Working days: 14 15 16 17 18 · 20 (Sunday, made up) 21 22 [23] 24 · 28 29 30 · October: 8 9 10. The 23rd, a Wednesday,
# becomes a day off at 09:05 of that day.
TOLD = """
    # 24 hours after its submission A is not registered: at the moment itself.
09-15 10:00 wang.wei A ack_missing
09-15 10:00 bot      A ack_missing
    # So is H.
09-16 11:00 wang.wei H ack_missing
09-16 11:00 bot      H ack_missing
    # The complaint about D, of 1 September, had 15 days: they end with the 16th. While it runs, the 13 working days
    # that
    # D is late tell nothing.
09-17 09:00 li.na    D complaint_unanswered
09-17 09:00 bot      D complaint_unanswered
    # A: three working days are gone (15, 16, 17): 09:00 of the 18th, for Wang Wei at 10:00. E was said to be done on
    # the
    # 17th: to be verified on the working day after, although a complaint runs. One message for both.
09-18 10:00 wang.wei A window_open, E verify
09-18 10:00 bot      A window_open, E verify
    # B: 24 hours. The mail server is away; the bot is not.
09-18 20:45 bot      B ack_missing
    # F: promised by the 18th; late day 1 is the first working day after, which is Sunday the 20th.
09-20 09:00 bot      F promise_broken
    # H: submitted on the 15th, three working days (16, 17, 18) end with Friday; Saturday is off.
09-20 10:00 bot      H window_open
    # The mail server is back at three in the night: nobody gets anything before their hours. B was handed over to Li Na
    # on Saturday, while Zhao Min's message waited; F is handled by nobody in particular, which is the manager's. One
    # message of what two days found.
09-21 09:00 li.na    B ack_missing, F promise_broken
    # A: five working days (15, 16, 17, 18, 20) are over: late day 1. H: corrected on Sunday to a submission of the
    # 16th,
    # its three working days (17, 18, 20) are over now; what waited since Sunday comes on its new day. The bot was
    # told on
    # Sunday, and is not told twice.
09-21 10:00 wang.wei A overdue, H window_open
09-21 10:00 bot      A overdue
    # B: 18, 20, 21.
09-22 09:00 li.na    B window_open
    # G: returned on the 18th, which ended its snooze; the third working day in `returned` (20, 21, 22).
09-22 09:00 zhao.min G returned
09-22 09:00 bot      B window_open, G returned
    # D: again on the fifth working day (18, 20, 21, 22, 23). The mail server is away, and Li Na's waits.
09-23 09:00 bot      D complaint_unanswered
    # G: resubmitted on the 22nd at 15:00; the 23rd is a day off by now, which is all the same to Zhao Min.
09-23 15:00 zhao.min G ack_missing
    # D: the 23rd was a day off, the 24th is the fifth working day. F was snoozed until the 24th: late day 3 (20, 21,
    # 22)
    # fell in it and is told now. The bot was told of D, but not yet of G.
09-24 09:00 li.na    D complaint_unanswered, F still_overdue
09-24 09:00 bot      F still_overdue, G ack_missing
    # A: late day 3 (21, 22, 24). H: five working days after the 16th (17, 18, 20, 21, 22) end with the 22nd; late day
    # 1 is
    # the first working day after, the 24th.
09-24 10:00 wang.wei A still_overdue, H overdue
09-24 10:00 bot      A still_overdue, H overdue
    # C: 24 hours, on Mid-Autumn: at the moment itself for Zhao Min, on the next working day for the bot.
09-25 15:30 zhao.min C ack_missing
    # B: 18, 20, 21, 22, 24; late day 1 is the 28th. F: late day 5 (20, 21, 22, 24, 28).
09-28 09:00 li.na    B overdue, F still_overdue
09-28 09:00 bot      B overdue, C ack_missing, F still_overdue
    # A: a message of its carrier waits for somebody.
09-28 11:00 wang.wei A message
09-28 11:00 bot      A message
    # A: handled, so the ladder goes on: late day 5 (21, 22, 24, 28, 29). H: late day 3 (24, 28, 29).
09-29 10:00 wang.wei A still_overdue, H still_overdue
09-29 10:00 bot      A still_overdue, H still_overdue
    # B: said to be done on the 29th. G: three working days since the 22nd (24, 28, 29).
09-30 09:00 li.na    B verify
09-30 09:00 zhao.min G window_open
09-30 09:00 bot      B verify, G window_open
    # C: three working days since the 24th (28, 29, 30); on National Day for Zhao Min alone.
10-01 09:00 zhao.min C window_open
10-08 09:00 bot      C window_open
    # A: late day 7 (…, 28, 29, 30, 8). H: late day 5 (24, 28, 29, 30, 8). E: confirmed in September: the 5th of
    # October is
    # off. B was found alive on the 30th, whose three working days are not over.
10-08 10:00 wang.wei A still_overdue, E final_bill, H still_overdue
10-08 10:00 bot      A still_overdue, E final_bill, H still_overdue
"""


@dataclass
class Life:
    """The team's installation, its moment, and what everybody was told so far."""

    folder: Path
    web: ServeProcess
    mail: MailServer
    bot: Receiver
    console: subprocess.Popen[str]
    secrets: dict[str, str]
    letters: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    now: str = ""

    def at(self, moment: str) -> None:
        """It is this moment now, a day and a time of 2026."""
        self.now = moment
        move_clock(self.folder, moment)

    # What people do

    def request(self, who: str, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.web.port}/api/v1/{path}",
            json.dumps(body).encode() if body is not None else None,
            {"Authorization": f"Bearer {self.secrets[who]}", "Content-Type": "application/json", "If-Match": "*"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def post(self, who: str, path: str, **body: Any) -> Any:
        return self.request(who, "POST", path, body)

    def log(self, letter: str, who: str, carrier: str, submitted: str = "") -> None:
        """A case submitted now, or earlier, at `submitted`; known by a letter from now on."""
        number = f"1390000000{'ABCDEFGH'.index(letter)}"
        case = self.post(who, "cases", number=number, carrier=carrier, submitted_at=iso(submitted or self.now))
        self.letters[case["reference"]] = letter

    def do(self, who: str, letter: str, action: str, **body: Any) -> None:
        self.post(who, f"cases/{self.reference(letter)}/{action}", **body)

    def reference(self, letter: str) -> str:
        return {letter: reference for reference, letter in self.letters.items()}[letter]

    def id_of(self, email: str) -> int:
        name = {LI_NA: "李娜", WANG_WEI: "王伟", ZHAO_MIN: "赵敏"}[email]
        people = self.request(LI_NA, "GET", "members")
        return next(int(person["id"]) for person in people if person["name"] == name)

    # What the product does

    def sweep(self, *moments: str, in_a_new_process: bool = False) -> None:
        """At each of these moments of the clock the worker's part is done, and what arrived is noted."""
        for moment in moments:
            self.at(moment)
            command = ("send_reminders", "--once", "--json")
            done = json.loads(self.manage(*command) if in_a_new_process else self.type_in(*command))
            self.note(moment)
            self.listed += sorted(
                f"{row['at'][5:16].replace('T', ' ')} {row['channel']} {row['to']} "
                f"{self.letters[row['case']]} {row['kind']}"
                for row in done.get("told", [])
            )

    def type_in(self, *command: str) -> str:
        """What a command printed that ran where Django is loaded already."""
        assert self.console.stdin
        assert self.console.stdout
        self.console.stdin.write(json.dumps(command) + "\n")
        self.console.stdin.flush()
        return str(json.loads(self.console.stdout.readline()))

    def manage(self, *command: str) -> str:
        """What a command printed that ran by itself."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=environment(DATA_DIR=str(self.folder / "data"), **variables(self.folder, self.mail)),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def note(self, moment: str) -> None:
        arrived = [read_mail(message) for message in self.mail.taken] + [read_webhook(got) for got in self.bot.got]
        self.mail.taken.clear()
        self.bot.got.clear()
        for reader, subject, text in arrived:
            cases = sorted((self.letters[reference], kind) for reference, kind in cases_in(text))
            said = ", ".join(f"{letter} {kind}" for letter, kind in cases)
            self.told.append(f"{moment} {reader:8} {said}")
            title = re.fullmatch(r"销卡：(\d+) 个案件待处理 · (?:(\d+) 个)?(.+)", subject)
            assert title, (moment, subject, text)
            assert int(title[1]) == len(cases), (moment, subject, text)
            kinds = list(dict(cases).values())
            assert kinds.count(WORDS[title[3]]) == int(title[2] or len(cases)), (moment, subject, text)


def read_mail(message: EmailMessage) -> tuple[str, str, str]:
    text = message.get_content().replace("\r\n", "\n")
    return str(message["To"]).partition("@")[0], str(message["Subject"]).strip(), text


def read_webhook(got: Got) -> tuple[str, str, str]:
    return BOT, got.data["title"], got.data["text"]


def cases_in(text: str) -> Iterator[tuple[str, str]]:
    """The reference of each case in a message, and which kind of reminder its paragraph is."""
    for paragraph in text.strip().split("\n\n"):
        (reference,) = re.findall(r"/cases/(XK-\w+)/", paragraph)
        (kind,) = filter(None, map(kind_of, paragraph.splitlines()))
        yield reference, kind


def kind_of(line: str) -> str | None:
    """The kind of reminder that a line of a message is; None for the other lines."""
    alone = [kind for step, kind in STEPS.items() if re.fullmatch(step, line)]
    return alone[0] if alone else WORDS.get(line.partition("：")[0])


def iso(moment: str) -> str:
    return f"2026-{moment.replace(' ', 'T')}:00+08:00"


def move_clock(folder: Path, moment: str) -> None:
    (folder / "clock").write_text(iso(moment))


def variables(folder: Path, mail: MailServer) -> dict[str, str]:
    """The settings of this installation, as an operator's environment has them."""
    now = f"@{folder / 'clock'}"
    return {"DEBUG": "true", "EMAIL_URL": mail.url, "ALLOW_PRIVATE_HOSTS": "true", "XIAOKA_NOW": now}


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    """Installed on Monday 14 September at half past eight."""
    move_clock(tmp_path, "09-14 08:30")
    with ExitStack() as stack:
        mail, bot = stack.enter_context(mail_server()), stack.enter_context(serving(Receiver(anything)))
        web = ServeProcess(tmp_path / "data", free_port(), "--web-only", **variables(tmp_path, mail))
        stack.callback(web.stop)
        wait_until(lambda: "Ready: " in web.printed(), "the web server answers")
        console = subprocess.Popen(
            [sys.executable, "-m", "tests.living.installation", f"http://127.0.0.1:{bot.port}/"],
            cwd=ROOT,
            env=environment(DATA_DIR=str(tmp_path / "data"), **variables(tmp_path, mail)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        stack.callback(console.wait)
        assert console.stdin
        assert console.stdout
        stack.callback(console.stdin.close)
        stack.callback(console.stdout.close)
        yield Life(tmp_path, web, mail, bot, console, json.loads(console.stdout.readline()))


def test_everybody_is_told_what_the_rules_say_and_nothing_else(life: Life) -> None:
    first_week(life)
    weekend_without_mail(life)
    second_week(life)
    around_national_day(life)
    expected = [line.strip() for line in TOLD.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    # Within a minute the order of two mailboxes is open.
    assert sorted(life.told) == sorted(expected)
    assert "\n".join(life.listed) == "\n".join(sorted(as_listed(expected)))


def as_listed(lines: list[str]) -> Iterator[str]:
    """The same as `send_reminders --json` lists it: each case for itself."""
    for line in lines:
        moment, reader, cases = line[:11], line[12:20].strip(), line[21:]
        to = "webhook 销售一部" if reader == BOT else f"email {reader}@example.com"
        yield from sorted(f"{moment} {to} {case}" for case in cases.split(", "))


def first_week(life: Life) -> None:
    life.at("09-14 09:30")
    life.log("D", LI_NA, "china-mobile", submitted="08-24 11:00")
    life.do(LI_NA, "D", "reply", kind="acknowledged", happened_at=iso("08-24 15:00"))
    life.do(LI_NA, "D", "complain", happened_at=iso("09-01 16:00"), reference="TS-1")
    life.log("E", WANG_WEI, "china-mobile", submitted="09-02 10:00")
    life.do(WANG_WEI, "E", "reply", kind="acknowledged", happened_at=iso("09-02 10:30"))
    life.do(WANG_WEI, "E", "complain", happened_at=iso("09-14 09:20"))
    life.at("09-14 10:00")
    life.log("A", WANG_WEI, "china-mobile")
    life.at("09-14 14:00")
    life.log("F", LI_NA, "china-unicom")
    life.do(LI_NA, "F", "hand-over", handler=None)
    life.at("09-14 16:00")
    life.do(LI_NA, "F", "reply", kind="acknowledged")
    life.sweep("09-14 16:00", "09-14 20:59", "09-15 03:10", "09-15 09:00")
    life.at("09-15 09:30")
    life.log("G", ZHAO_MIN, "china-unicom")
    life.sweep("09-15 10:00")
    life.at("09-15 11:00")
    life.do(ZHAO_MIN, "G", "reply", kind="acknowledged")
    life.log("H", WANG_WEI, "china-mobile")
    life.sweep("09-15 20:59", "09-16 09:00")
    life.at("09-16 10:00")
    life.do(LI_NA, "F", "reply", kind="promised", promised_on="2026-09-18", agent="工号 1024")
    life.do(ZHAO_MIN, "G", "snooze", until="2026-10-08")
    life.sweep("09-16 11:00", "09-16 20:59", "09-17 09:00", "09-17 10:00")
    life.at("09-17 11:00")
    life.do(WANG_WEI, "E", "reply", kind="reported_done")
    life.sweep("09-17 11:01")
    life.at("09-17 20:45")
    life.log("B", ZHAO_MIN, "china-unicom")
    life.sweep("09-17 20:59", "09-18 03:10", "09-18 09:00", "09-18 10:00")
    life.at("09-18 15:00")
    life.do(WANG_WEI, "E", "verify", method="hotline", finding="cancelled", confirm=True)
    life.at("09-18 16:00")
    life.do(ZHAO_MIN, "G", "reply", kind="returned", reason="arrears")
    life.sweep("09-18 16:01")


def weekend_without_mail(life: Life) -> None:
    """From half past eight on Friday evening until three on Monday morning."""
    life.mail.away = True
    life.sweep("09-18 20:30", "09-18 20:45", "09-18 20:59", "09-18 21:30", "09-19 03:10", "09-19 09:00", "09-19 10:00")
    life.at("09-19 15:00")
    life.do(LI_NA, "B", "hand-over", handler=life.id_of(LI_NA))
    life.sweep("09-19 16:00", "09-19 20:59", "09-20 03:10", "09-20 09:00", "09-20 10:00")
    life.at("09-20 16:00")
    life.do(WANG_WEI, "H", "correct", happened_at=iso("09-16 11:00"), words="登记时写错了一天")
    life.sweep("09-20 17:00", "09-20 20:59")
    life.mail.away = False
    life.sweep("09-21 03:10", "09-21 08:59")
    life.sweep("09-21 09:00", in_a_new_process=True)
    life.sweep("09-21 10:00")


def second_week(life: Life) -> None:
    """With a day off that is entered at five past nine, while the mail server is away for an hour."""
    life.at("09-21 11:00")
    life.do(WANG_WEI, "A", "follow-up", way="call", words="还在审核")
    life.do(LI_NA, "B", "reply", kind="acknowledged", happened_at=iso("09-21 10:30"))
    life.at("09-21 14:00")
    life.do(LI_NA, "F", "snooze", until="2026-09-24")
    life.sweep("09-21 20:59", "09-22 09:00", "09-22 10:00")
    life.at("09-22 15:00")
    life.do(ZHAO_MIN, "G", "submit")
    life.sweep("09-22 20:59", "09-23 03:10")

    life.mail.away = True
    life.sweep("09-23 09:00")
    life.at("09-23 09:05")
    assert json.loads(life.manage("calendar_day", "2026-09-23", "off", "--why", "台风停工", "--json")) == {
        "date": "2026-09-23",
        "change": "off",
        "changed": True,
        "moved": sorted(life.reference(letter) for letter in "BG"),
    }
    life.sweep("09-23 09:06")
    life.mail.away = False
    life.sweep("09-23 10:00", "09-23 15:00", "09-23 20:59", "09-24 03:10", "09-24 09:00", "09-24 10:00")

    life.at("09-24 11:00")
    life.do(ZHAO_MIN, "G", "reply", kind="acknowledged")
    life.at("09-24 14:00")
    life.do(LI_NA, "D", "appeal", about="other", reference="SS-1")
    life.at("09-24 15:30")
    life.log("C", ZHAO_MIN, "china-mobile")
    life.sweep("09-24 20:59", "09-25 09:00", "09-25 15:30", "09-26 09:00", "09-27 09:00")


def around_national_day(life: Life) -> None:
    life.sweep("09-28 03:10", "09-28 09:00", "09-28 10:00")
    life.at("09-28 11:00")
    text = "【中国移动】尊敬的客户，您的号码13900000000已成功销户。（合成示例）"
    message = {"sender": "10086", "received_at": iso("09-28 10:59"), "case": life.reference("A"), "text": text}
    assert life.post(WANG_WEI, "messages", **message)["outcome"] == "kept"
    life.sweep("09-28 11:00", in_a_new_process=True)
    life.at("09-28 14:00")
    life.do(ZHAO_MIN, "C", "reply", kind="acknowledged")
    life.do(LI_NA, "F", "withdraw", words="改为保号")
    life.sweep("09-28 15:00")
    life.at("09-28 16:00")
    (waiting,) = life.request(WANG_WEI, "GET", "messages")["items"]
    life.post(WANG_WEI, f"messages/{waiting['id']}/set-aside")
    life.sweep("09-28 16:01", "09-29 09:00", "09-29 10:00")
    life.at("09-29 16:00")
    life.do(LI_NA, "B", "reply", kind="reported_done")
    life.sweep("09-29 20:59", "09-30 09:00", "09-30 10:00")
    life.at("09-30 11:00")
    life.do(LI_NA, "B", "verify", method="hotline", finding="alive")
    life.sweep("09-30 20:59", "10-01 03:10", "10-01 09:00", "10-05 09:00", "10-07 20:59", "10-08 03:10")
    life.sweep("10-08 09:00", "10-08 10:00", "10-08 20:59")
