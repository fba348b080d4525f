"""The catalogues: complete as they stand, compiled without gettext, and checked by a tool that finds what is wrong."""

import gettext
import os
import re
from pathlib import Path

import polib

from cases.management.compile_messages import compile_catalogues
from scripts.messages import differences, normalize
from tests import ROOT

PLACE = re.compile(r"%\(\w+\)[sd]")


def catalogue(**texts: str) -> polib.POFile:
    made = polib.POFile()
    made.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    for text, translation in texts.items():
        made.append(polib.POEntry(msgid=text, msgstr=translation))
    return made


def stored(folder: Path, **texts: str) -> Path:
    path = folder / "zh_Hans" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue(**texts).save(str(path))
    return path


def translated(folder: Path, text: str) -> str:
    return gettext.translation("django", folder, ["zh_Hans"], class_=gettext.GNUTranslations).gettext(text)


def test_every_text_is_translated_with_all_its_places() -> None:
    for path in (ROOT / "locale").rglob("*.po"):
        for entry in polib.pofile(str(path)):
            assert entry.translated(), entry.msgid
            allowed = [set(PLACE.findall(text)) for text in (entry.msgid, entry.msgid_plural)]
            for translation in entry.msgstr_plural.values() or [entry.msgstr]:
                assert set(PLACE.findall(translation)) in allowed, entry.msgid


def test_a_new_catalogue_is_compiled_and_read(tmp_path: Path) -> None:
    po = stored(tmp_path, overdue="超期")
    assert compile_catalogues([tmp_path]) == [po]
    assert translated(tmp_path, "overdue") == "超期"
    assert sorted(file.name for file in po.parent.iterdir()) == ["django.mo", "django.po"]


def test_what_is_fresh_is_left_alone_and_what_is_stale_is_made_again(tmp_path: Path) -> None:
    po = stored(tmp_path, overdue="过期")
    compile_catalogues([tmp_path])
    assert compile_catalogues([tmp_path]) == []

    stored(tmp_path, overdue="超期")
    after = po.with_suffix(".mo").stat().st_mtime_ns + 1
    os.utime(po, ns=(after, after))
    assert compile_catalogues([tmp_path]) == [po]
    assert translated(tmp_path, "overdue") == "超期"


def test_a_guess_is_not_shown(tmp_path: Path) -> None:
    path = stored(tmp_path, overdue="超期", returned="超期")
    guessed = polib.pofile(str(path))
    next(entry for entry in guessed if entry.msgid == "returned").flags.append("fuzzy")
    guessed.save()
    compile_catalogues([tmp_path])
    assert translated(tmp_path, "returned") == "returned"


def test_the_check_names_what_is_missing_empty_guessed_or_unused() -> None:
    kept = catalogue(fine="好", empty="", guessed="猜", unused="旧")
    next(entry for entry in kept if entry.msgid == "guessed").flags.append("fuzzy")
    fresh = catalogue(fine="", empty="", guessed="", new="")
    assert list(differences(kept, fresh)) == [
        "empty: empty",
        "fuzzy: guessed",
        "missing: new",
        "no longer used: unused",
    ]


def test_the_check_is_content_with_a_complete_catalogue() -> None:
    assert list(differences(catalogue(fine="好"), catalogue(fine=""))) == []


def test_an_update_empties_guesses_and_keeps_no_dates() -> None:
    made = catalogue(guessed="猜", fine="好")
    made.metadata["POT-Creation-Date"] = "2026-09-30 15:00+0800"
    made[0].flags.append("fuzzy")
    kept = normalize(made)
    assert [(entry.msgstr, entry.fuzzy) for entry in kept] == [("", False), ("好", False)]
    assert "POT-Creation-Date" not in kept.metadata


def test_an_update_leaves_one_form_where_english_has_two() -> None:
    made = polib.POFile()
    made.append(polib.POEntry(msgid="card", msgid_plural="cards", msgstr_plural={0: "号卡", 1: ""}))
    assert [entry.msgstr_plural for entry in normalize(made)] == [{0: "号卡"}]
