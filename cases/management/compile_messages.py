"""Compiles the translations without gettext, which a fresh machine does not have.

``python -m cases.management.compile_messages`` does so for an installation whose services may not write there.
"""

import os
from collections.abc import Iterable
from pathlib import Path

import polib


def compile_catalogues(folders: Iterable[Path]) -> list[Path]:
    """Compiles each LANGUAGE/LC_MESSAGES/*.po below folders whose .mo is missing or older; returns those.

    A reader never sees half a file: it is written beside and moved in place. Raises OSError where that is
    not possible; a folder that cannot be written is no matter while its .mo files are fresh.
    """
    stale = [po for folder in folders for po in sorted(folder.glob("*/LC_MESSAGES/*.po")) if _is_stale(po)]
    for po in stale:
        mo = po.with_suffix(".mo")
        draft = mo.with_name(f"{mo.name}.{os.getpid()}")
        polib.pofile(str(po)).save_as_mofile(str(draft))
        draft.replace(mo)
    return stale


def _is_stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime_ns < po.stat().st_mtime_ns


if __name__ == "__main__":
    locale = Path(__file__).resolve().parents[2] / "locale"
    compile_catalogues([locale, locale / "libraries"])
