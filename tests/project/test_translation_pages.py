"""The Chinese catalogue: English words of two meanings kept apart."""

import gettext
import shutil
from pathlib import Path

import pytest

from cases.management.compile_messages import compile_catalogues
from tests import ROOT

CATALOGUE = Path("zh_Hans") / "LC_MESSAGES" / "django.po"


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> gettext.NullTranslations:
    folder = tmp_path_factory.mktemp("locale")
    (folder / CATALOGUE).parent.mkdir(parents=True)
    shutil.copy(ROOT / "locale" / CATALOGUE, folder / CATALOGUE)
    compile_catalogues([folder])
    return gettext.translation("django", folder, ["zh_Hans"])


@pytest.mark.parametrize(
    ("text", "context", "there", "elsewhere"),
    [
        ("Submitted", "when it happened", "提交时间", "已提交"),
        ("Returned", "when it happened", "退回时间", "被退回"),
        ("Acknowledged", "when it happened", "受理时间", "已受理"),
        ("Not found", "HTTP status", "未找到", "页面不存在"),
        ("Next", "what is to be done", "下一步", "下一页"),
        ("number", "first, second …", "序号", "号码"),
        ("name", "of a person", "姓名", "名称"),
    ],
)
def test_one_english_word_two_chinese_ones(
    chinese: gettext.NullTranslations, text: str, context: str, there: str, elsewhere: str
) -> None:
    assert (chinese.pgettext(context, text), chinese.gettext(text)) == (there, elsewhere)


def test_names_in_a_list_are_parted_as_chinese_does(chinese: gettext.NullTranslations) -> None:
    assert chinese.pgettext("between names in a list", ", ") == "、"
