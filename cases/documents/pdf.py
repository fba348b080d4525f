"""PDF from a Typst template and plain data, with an embedded Chinese font; nothing is fetched, nothing is executed.

The data reaches the template as JSON (`json("data.json")`), so that a person's words are data and never markup.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import manimgx_fonts_cjk
import typst

from cases.domain.json_values import JsonObject

#: The family that every template sets its text in.
FONT = "Noto Sans CJK SC"
_FONTS = Path(manimgx_fonts_cjk.__file__).parent
_TEMPLATES = Path(__file__).parent / "templates"


def render_pdf(template: str, data: JsonObject, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF that `templates/<template>` makes of `data` and of pictures (by file name).

    Tagged, so that it can be read aloud. Raises `typst.TypstError` when a picture is not what its name says.
    """
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "main.typ").write_bytes((_TEMPLATES / template).read_bytes())
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        for name, content in (pictures or {}).items():
            (root / name).write_bytes(content)
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[_FONTS])
        document = typst.Compiler(root=root, font_paths=fonts).compile(root / "main.typ", format="pdf")
        if not isinstance(document, bytes):
            raise TypeError("a PDF is one file")
        return document
