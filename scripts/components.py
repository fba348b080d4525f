"""What is shipped with Xiaoka: a component list, and the licences.

    make components     writes var/components.cdx.json, in the format CycloneDX 1.6
    make licences       writes THIRD-PARTY-LICENCES.txt, which an image or a copy has to bring along

Both are about the packages of requirements.lock as they are installed in .venv, and the files by others inside them
(scripts, style sheets, fonts). They are the same each time they are made from the same lock.
"""

import hashlib
import json
import os
import re
import sys
import tomllib
import uuid
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from lock import pins

ROOT = Path(__file__).resolve().parent.parent
COMPONENTS = ROOT / "var" / "components.cdx.json"
LICENCES = ROOT / "THIRD-PARTY-LICENCES.txt"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "xiaoka")
_LICENCE_FILE = re.compile(r"(?i)(?:^|/)(?:licen[cs]e|copying|notice|authors)[^/]*(?<!\.py)(?<!\.pyc)$")
_SPDX = re.compile(r"[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*")

#: By SPDX, for packages that say it in words or not at all: each was read in the package's licence file.
_READ_BY_HAND = {
    "django-csp": "BSD-3-Clause",
    "django-js-lib-bootstrap5": "MIT",
    "django-ninja": "MIT",
    "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",
    "python-dateutil": "Apache-2.0 AND BSD-3-Clause",
    "qrcode": "BSD-3-Clause",
    "rfc3161-client": "Apache-2.0",
    "sqlparse": "BSD-3-Clause",
    "waitress": "ZPL-2.1",
}


@dataclass(frozen=True)
class Bundled:
    """A work by others inside a package: its file there, and where the file says its version (group 1)."""

    name: str
    package: str
    licence: str
    file: str
    version: str


_DJANGO_SCRIPTS = "django/contrib/admin/static/admin/js/vendor"
BUNDLED = (
    Bundled("htmx", "django-htmx", "0BSD", "django_htmx/static/django_htmx/htmx-2.min.js", r'version:"([\d.]+)"'),
    Bundled(
        "bootstrap",
        "django-js-lib-bootstrap5",
        "MIT",
        "js_lib_bootstrap5/static/js-lib-bootstrap5/css/bootstrap.min.css",
        r"Bootstrap\s+v([\d.]+)",
    ),
    Bundled(
        "swagger-ui",
        "django-ninja",
        "Apache-2.0",
        "ninja/static/ninja/swagger-ui-bundle.js",
        r'PACKAGE_VERSION:"([\d.]+)"',
    ),
    Bundled("redoc", "django-ninja", "MIT", "ninja/static/ninja/redoc.standalone.js", r'Version: ","([\d.]+)"'),
    Bundled("jquery", "django", "MIT", f"{_DJANGO_SCRIPTS}/jquery/jquery.js", r"JavaScript Library v([\d.]+)"),
    Bundled("select2", "django", "MIT", f"{_DJANGO_SCRIPTS}/select2/select2.full.js", r"Select2 ([\d.]+)"),
    Bundled("xregexp", "django", "MIT", f"{_DJANGO_SCRIPTS}/xregexp/xregexp.js", r"version = '([\d.]+)'"),
    # Its licence is the package's; the version of a font stands in a table of it.
    Bundled("noto-sans-cjk", "manimgx-fonts-cjk", "OFL-1.1", "manimgx_fonts_cjk/NotoSansCJK-VF.otf.ttc", ""),
)


def installed() -> list[metadata.Distribution]:
    """The packages of requirements.lock that this platform has, by name; those of other platforms are left out."""
    components = []
    for name in sorted(pins(ROOT / "requirements.lock")):
        try:
            components.append(metadata.distribution(name))
        except metadata.PackageNotFoundError:
            continue
    return components


def normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def licence(package: metadata.Distribution) -> str:
    """Its licence as an SPDX expression; ValueError where nobody has said it yet."""
    name = normalized(package.name)
    words = (
        _READ_BY_HAND.get(name) or package.metadata.get("License-Expression") or package.metadata.get("License") or ""
    )
    if not _SPDX.fullmatch(words):
        raise ValueError(f"The licence of {name} is {words!r}; read it and add it to _READ_BY_HAND.")
    return words


def bundled_version(work: Bundled) -> str:
    """The version that the file says; that of the package where a file says none; ValueError if it is not found."""
    package = metadata.distribution(work.package)
    if not work.version:
        return package.version
    text = Path(str(package.locate_file(work.file))).read_text(encoding="utf-8", errors="replace")
    found = re.search(work.version, text)
    if found is None:
        raise ValueError(f"{work.file} does not say its version any more.")
    return found[1]


def component_list() -> dict[str, object]:
    """The list of components and what needs what."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    packages = installed()
    references = {
        normalized(package.name): f"pkg:pypi/{normalized(package.name)}@{package.version}" for package in packages
    }
    own = {"type": "application", "bom-ref": "xiaoka", "name": project["name"], "version": project["version"]}
    chosen = re.findall(r"^([\w.-]+)", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    roots = sorted(reference for name in chosen if (reference := references.get(normalized(name))))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_NAMESPACE, ' '.join(references.values()))}",
        "version": 1,
        "metadata": {"component": own | {"licenses": [{"license": {"id": project["license"]}}]}},
        "components": [_component(package, references) for package in packages],
        "dependencies": [{"ref": "xiaoka", "dependsOn": roots}]
        + [
            {"ref": references[normalized(package.name)], "dependsOn": _needs(package, references)}
            for package in packages
        ],
    }


def _component(package: metadata.Distribution, references: dict[str, str]) -> dict[str, object]:
    reference = references[normalized(package.name)]
    component: dict[str, object] = {
        "type": "library",
        "bom-ref": reference,
        "name": package.name,
        "version": package.version,
        "description": package.metadata.get("Summary", ""),
        "licenses": [_licence_choice(licence(package))],
        "purl": reference,
    }
    works = [work for work in BUNDLED if work.package == normalized(package.name)]
    if works:
        component["components"] = [
            {
                "type": "file" if work.name.startswith("noto") else "library",
                "bom-ref": f"{reference}#{work.name}",
                "name": work.name,
                "version": bundled_version(work),
                "licenses": [_licence_choice(work.licence)],
            }
            for work in works
        ]
    return component


def _licence_choice(expression: str) -> dict[str, object]:
    return {"expression": expression} if " " in expression else {"license": {"id": expression}}


def _needs(package: metadata.Distribution, references: dict[str, str]) -> list[str]:
    """The packages that it names as its requirements, of those that are there."""
    names = {normalized(re.split(r"[^\w.-]", requirement)[0]) for requirement in package.requires or []}
    return sorted(references[name] for name in names & set(references))


def licence_texts() -> str:
    """A table of what is shipped, and then each text of a licence or notice once, with whom it is from."""
    packages = installed()
    rows = [(package.name, package.version, licence(package)) for package in packages]
    rows += [(f"{work.name} (in {work.package})", bundled_version(work), work.licence) for work in BUNDLED]
    texts: dict[str, tuple[str, list[str]]] = {}
    for package in packages:
        for file in sorted(package.files or [], key=str):
            if _LICENCE_FILE.search(str(file)):
                text = Path(str(package.locate_file(file))).read_text(encoding="utf-8", errors="replace").strip()
                _, holders = texts.setdefault(hashlib.sha256(text.encode()).hexdigest(), (text, []))
                holders.append(f"{package.name}: {Path(file).name}")
    lines = [
        "What is shipped with Xiaoka, and under which licences. Written by `make licences`.",
        "Xiaoka itself: LICENSE.",
        "",
        *(f"{name:45} {version:20} {expression}" for name, version, expression in rows),
    ]
    for text, holders in texts.values():
        lines += ["", "=" * 100, *holders, "=" * 100, "", *(line.rstrip() for line in text.splitlines())]
    return "\n".join(lines) + "\n"


def main() -> None:
    if sys.argv[1:] == ["licences"]:
        LICENCES.write_text(licence_texts(), encoding="utf-8")
        _tell(LICENCES)
    elif sys.argv[1:] == ["components"]:
        COMPONENTS.parent.mkdir(parents=True, exist_ok=True)
        COMPONENTS.write_text(json.dumps(component_list(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        _tell(COMPONENTS)
    else:
        sys.exit(__doc__)


def _tell(path: Path) -> None:
    print(f"{os.path.relpath(path, ROOT)}: {len(installed())} packages, {len(BUNDLED)} works inside them")


if __name__ == "__main__":
    main()
