"""Updates locale/zh_Hans/LC_MESSAGES/django.po with the texts in the source (needs gettext).

``make messages`` rewrites the catalogue: new texts are added untranslated, unused ones removed, nothing is guessed.
With --check nothing is written: it fails, and lists them, where texts are missing, empty, fuzzy or unused, or where a
translation has other %(placeholders)s than its text. What libraries say is in locale/libraries, which this leaves alone
(docs/decisions/0039-texts-of-libraries.md).
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
# No dates: each run would be a change in the repository.
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
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a text is not translated")
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
    """The catalogue as it should be, made in a copy of the sources so that the tree is not touched."""
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
    """The same catalogue with METADATA, and with guesses (fuzzy entries) emptied: a wrong text is worse than none."""
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
    """The differences of the stored catalogue, one line for each text."""
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
    """The errors that gettext finds in the stored catalogue, one line each."""
    command = ["msgfmt", "--check-format", "--output-file", os.devnull, str(ROOT / CATALOGUE)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr.splitlines()


if __name__ == "__main__":
    main()
