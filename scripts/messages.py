"""Brings locale/zh_Hans/LC_MESSAGES/django.po up to date with the texts in the source (needs gettext).

``make messages`` rewrites the catalogue: new texts come in empty, texts no longer used go, nothing is guessed.
With --check nothing is written: fails, naming them, where texts are missing, empty, fuzzy or no longer used, or
where a translation has other %(places)s than its text.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
SOURCES = ("cases", "templates", "tracker", "manage.py")
# No dates, for they would make each run a change in the repository.
METADATA = {
    "Project-Id-Version": "Xiaoka",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


def main() -> None:
    """Updates, or checks with --check, the catalogue."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail where something is not translated")
    check: bool = parser.parse_args().check
    if shutil.which("xgettext") is None:
        sys.exit("xiaoka: xgettext is not installed; the package is called gettext.")
    fresh = extract_messages()
    if not check:
        (ROOT / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
        fresh.save(str(ROOT / CATALOGUE))
        print(f"{CATALOGUE}: {len(fresh)} texts, {len(fresh.untranslated_entries())} without translation")
    elif problems := [*differences(polib.pofile(str(ROOT / CATALOGUE)), fresh), *placeholder_errors()]:
        sys.exit("\n".join([*problems, f"xiaoka: {len(problems)} texts of {CATALOGUE} need work (make messages)."]))
    else:
        print(f"{CATALOGUE}: {len(fresh)} texts, all translated")


def extract_messages() -> polib.POFile:
    """The catalogue as it should be, made in a copy of the sources so that the tree stays as it is."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in SOURCES:
            _copy(ROOT / name, copy / name)
        _copy(ROOT / CATALOGUE, copy / CATALOGUE)
        (copy / "locale").mkdir(exist_ok=True)
        subprocess.run(
            [
                sys.executable,
                "manage.py",
                "makemessages",
                "--locale=zh_Hans",
                "--add-location=file",
                "--no-obsolete",
            ],
            cwd=copy,
            env=os.environ | {"DATA_DIR": str(copy / "var"), "PYTHONDONTWRITEBYTECODE": "1"},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return normalize(polib.pofile(str(copy / CATALOGUE), wrapwidth=100))


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    elif source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def normalize(catalogue: polib.POFile) -> polib.POFile:
    """The same catalogue under METADATA, and with guesses (fuzzy entries) emptied: wrong is worse than none."""
    catalogue.header = "The texts of Xiaoka in Simplified Chinese. Kept in order by: make messages"
    catalogue.metadata = METADATA
    catalogue.metadata_is_fuzzy = False
    for entry in catalogue:
        if entry.fuzzy:
            entry.flags.remove("fuzzy")
            entry.previous_msgid = entry.previous_msgid_plural = entry.previous_msgctxt = None
            entry.msgstr = ""
            entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, "")
        if entry.msgid_plural:
            # gettext leaves room for English's two forms; Chinese has one.
            entry.msgstr_plural = {0: entry.msgstr_plural.get(0, "")}
    return catalogue


def differences(stored: polib.POFile, fresh: polib.POFile) -> Iterable[str]:
    """What is wrong with the kept catalogue, one line a text."""
    used = {(entry.msgctxt, entry.msgid) for entry in fresh}
    entries = {(entry.msgctxt, entry.msgid): entry for entry in stored if not entry.obsolete}
    for key in sorted(used, key=str):
        entry = entries.get(key)
        if entry is None:
            yield f"missing: {key[1]}"
        elif not entry.translated():
            yield f"{'fuzzy' if entry.fuzzy else 'empty'}: {key[1]}"
    for key in sorted(entries.keys() - used, key=str):
        yield f"no longer used: {key[1]}"


def placeholder_errors() -> Iterable[str]:
    """What gettext finds wrong with the kept catalogue, one line each."""
    command = ["msgfmt", "--check-format", "--output-file", os.devnull, str(ROOT / CATALOGUE)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr.splitlines()


if __name__ == "__main__":
    main()
