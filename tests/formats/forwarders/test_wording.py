"""Messages within the text that programs make of them: SmsForwarder's templates. Every message here is synthetic."""

import pytest

from cases.formats.forwarders.wording import clean_sender, national_number, sender_in, unwrap

TEXT = "【中国移动】您的号码138****8000销户申请已受理，受理单号SL4711。"


@pytest.mark.parametrize(
    ("told", "sender", "receiver"),
    [
        # The app's own text, with a SIM and without.
        (
            f"10086\n{TEXT}\nSIM1_中国移动_13900139000\nSubId：1\n2026-11-29 21:20:11\n前台的手机",
            "10086",
            "13900139000",
        ),
        (f"10086\n{TEXT}\n\nSubId：0\n2026-11-29 21:20:11\nRedmi Note 12", "10086", ""),
        (f"10086\n{TEXT}\nSIM2_\nSubId：2\n2026-11-29 21:20:11", "10086", ""),
        # As its version 2 wrote it, where the SIM was not known.
        (f"10086\n{TEXT}\n2026-11-29 21:20:11\nRedmi Note 12", "10086", ""),
        # Templates of users.
        (f"10086\n{TEXT}", "10086", ""),
        (f"中国移动(10086)\n{TEXT}", "10086", ""),
        (f"中国移动（10086）\r\n{TEXT}\r\nSIM1_移动", "10086", ""),
        (f"来自：10086\n时间：2026-11-29 21:20:11\n内容：{TEXT}", "10086", ""),
        (f"发件人: 中国移动(10086)\n{TEXT}\n卡槽：SIM1_+8613900139000\n设备：mi 9", "10086", "13900139000"),
        (f"来自：中国移动\n{TEXT}", "中国移动", ""),
        (f"SIM1_移动\n10086\n{TEXT}", "10086", ""),
        (f"{TEXT}\nSIM1_+8613900139000\nSubId：1\n2026-11-29 21:20:11\n前台的手机", "", "13900139000"),
        (f"{TEXT}\nSIM1", "", ""),
        # Robots that call somebody.
        (f"10086\n{TEXT} @13800138001 @13800138002", "10086", ""),
        (f'<at user_id="all">所有人</at> 10086\n{TEXT}', "10086", ""),
    ],
)
def test_the_message_is_taken_out(told: str, sender: str, receiver: str) -> None:
    found = unwrap(told)
    assert (found.text.strip("\r"), found.sender, found.receiver) == (TEXT, sender, receiver)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "10086",
        "10086\nSIM1_x",
        "13800138000，您好\n您的申请已受理",
        "号码：13800138000\n状态：已销户",
        f"{TEXT}\n时间：2026-11-29",
        "时间：2026-11-29 21:20\n您的申请已受理",
        f"{TEXT}\n2026-11-29 21:20:11",
        "SIM1 cancelled.\nYour request is done",
        "Your SIM1 is cancelled\nSIM1: cancelled, thank you. More lines\nand others\n1\n2\n3\n4\n5",
        "583920\n是您的验证码",  # a code is no sender
        "2026-11-29\n您的申请已受理",
    ],
)
def test_a_message_s_own_lines_stay(text: str) -> None:
    found = unwrap(text)
    assert (found.text, found.sender, found.receiver) == (text, "", "")


def test_a_number_in_the_first_line_that_is_not_the_sender_is_the_message_s() -> None:
    assert unwrap(f"13800138000\n{TEXT}", "10086").text == f"13800138000\n{TEXT}"
    assert unwrap(f"10086\n{TEXT}", "10086").text == TEXT
    assert unwrap(f"中国移动\n{TEXT}", "中国移动").text == TEXT


def test_the_template_for_telegram() -> None:
    found = unwrap(f'sms from 10086 with text: "{TEXT}\n"好"" sent at 1796080800000')
    assert (found.text, found.sender, found.moment) == (f'{TEXT}\n"好"', "10086", "1796080800000")


def test_a_sender_is_its_number() -> None:
    for told in ("10086", "中国移动(10086)", "中国移动（10086）", "10086(中国移动)", " 10086  (China Mobile)"):
        assert clean_sender(told) == "10086", told
    assert clean_sender("张三 (138 0013 8000)") == "138 0013 8000"
    assert clean_sender("中国移动") == "中国移动"
    assert [sender_in(line) for line in ("1069055510086", "95588", "+8613800138000", "400 922 3838")] == [
        *("1069055510086", "95588", "+8613800138000", "400 922 3838")
    ]
    assert [sender_in(line) for line in ("", "583920", "2026-11-29", "来自：", "验证码(583920)", "您好")] == [""] * 6


def test_the_national_digits_of_a_number() -> None:
    for told in ("+8613900139000", "86 139 0013 9000", "SIM1_移动13900139000", "0086-139-0013-9000"):
        assert national_number(told) == "13900139000", told
    assert [national_number(told) for told in ("", "SIM1", "10086", "+15551234567", "139001390001")] == [""] * 5
