"""What an entry of the activity log is about, in the language of whoever reads it."""

import pytest
from django.utils import translation

from cases.wording.audit_log import about_in_words

CARRIERS = {"english": {"china-mobile": "China Mobile", "china-unicom": "China Unicom"}}
CARRIERS["chinese"] = {"china-mobile": "中国移动", "china-unicom": "中国联通"}


@pytest.mark.parametrize(
    ("kind", "about", "english", "chinese"),
    [
        ("exported", "own data", "own data", "自己的数据"),
        ("exported", "dossier", "dossier", "卷宗"),
        (
            "exported",
            "dossier, numbers in full, API: OA, 同步",
            "dossier, numbers in full, API: OA, 同步",
            "卷宗、完整号码、API：OA, 同步",
        ),
        ("exported", "1 cases, csv", "1 case, CSV", "1 个案件、CSV"),
        (
            "exported",
            "20 cards, xlsx, API: sync, numbers in full",
            "20 cards, XLSX, numbers in full, API: sync",
            "20 张号卡、XLSX、完整号码、API：sync",
        ),
        ("exported", "statement 2026-09, pdf", "monthly statement 2026-09, PDF", "月度报表 2026-09、PDF"),
        ("number_shown", "list, numbers in full", "list, numbers in full", "列表、完整号码"),
        ("number_shown", "dossier, numbers in full", "dossier, numbers in full", "卷宗、完整号码"),
        ("number_shown", "API: sync", "API: sync", "API：sync"),
        ("number_shown", "", "", ""),
        ("imported", "卡.csv, 5 rows", "卡.csv, 5 rows", "卡.csv、5 行"),
        ("imported", "pasted rows, 1 rows", "pasted rows, 1 row", "粘贴的内容、1 行"),
        ("imported", "粘贴的内容, 2 rows", "pasted rows, 2 rows", "粘贴的内容、2 行"),
        ("member_added", "Wang Wei · agent · Li Na", "Wang Wei · Case worker · Li Na", "Wang Wei · 专员 · Li Na"),
        ("role_changed", "Wang Wei · manager", "Wang Wei · Manager", "Wang Wei · 团队管理员"),
        ("member_removed", "Wang Wei", "Wang Wei", "Wang Wei"),
        (
            "token_made",
            "OA · read write numbers",
            "OA · can read, can make changes, can see full numbers",
            "OA · 可以读取、可以登记和修改、可以查看完整号码",
        ),
        (
            "card_changed",
            "holder: 王** → -; carrier: china-mobile → china-unicom",
            "holder: 王** → -; carrier: China Mobile → China Unicom",
            "机主：王** → -；运营商：中国移动 → 中国联通",
        ),
        ("card_changed", "purpose: marketing → -; note; 区域", "used for: Telemarketing → -; note; 区域", ""),
        ("settings_changed", "password changed", "password changed", "修改了密码"),
        ("settings_changed", "keep_months: 6", "retention after closing (months): 6", "结案后保留（月）：6"),
        ("settings_changed", "keep_months: -", "retention after closing (months): without end", ""),
        ("settings_changed", "delete_on: 2026-11-01", "team to be deleted on: 2026-11-01", ""),
        ("settings_changed", "delete_on: -", "team is not deleted", "团队不再删除"),
        ("settings_changed", "channel: email", "reminder channel: Email", "提醒渠道：邮件"),
        (
            "settings_changed",
            "forwarder: json · 值班手机",
            "phone that forwards SMS: Other apps (JSON) · 值班手机",
            "短信转发手机：其他应用（JSON） · 值班手机",
        ),
        ("number_shown", "letter", "letter", "信函"),
        ("settings_changed", "card column + 分机 (text)", "column “分机” added (Text)", "新增列“分机”（文本）"),
        ("settings_changed", "card column = 分机 (number)", "column “分机” changed (Number)", "修改列“分机”（数字）"),
        ("settings_changed", "card column - (12) 分机 (text)", "column “分机” removed (Text)", "删除列“分机”（文本）"),
        ("imported", "2026-08, 1 lines", "bill of 2026-08, 1 line", "2026-08 的账单、1 行"),
        ("import_undone", "2026-08, 12 lines", "bill of 2026-08, 12 lines", "2026-08 的账单、12 行"),
        # As an earlier release stored them, or not known here: as they are.
        ("settings_changed", "Other apps (JSON) · 值班手机", "Other apps (JSON) · 值班手机", ""),
        ("exported", "something else", "something else", "something else"),
        ("signed_in", "own data", "own data", "own data"),
    ],
)
def test_in_the_readers_words(kind: str, about: str, english: str, chinese: str) -> None:
    with translation.override("en"):
        assert about_in_words(kind, about, CARRIERS["english"]) == english
    if chinese:
        with translation.override("zh-hans"):
            assert about_in_words(kind, about, CARRIERS["chinese"]) == chinese


def test_a_change_that_was_cut_off_is_shown_as_it_is() -> None:
    with translation.override("en"):
        assert about_in_words("card_changed", "holder: 王** → 李**; carrier: china-m", {}) == (
            "holder: 王** → 李**; carrier: china-m"
        )
