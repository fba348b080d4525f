"""Receipts as pictures in a paper: small, upright, without what a camera writes into them."""

from io import BytesIO

from PIL import Image, ImageOps

#: What is made of a picture: at most so many pixels on a side.
LONGEST_SIDE = 1200
_MOST_PIXELS = 60_000_000
_FORMATS = ("JPEG", "PNG", "WEBP")


def small(data: bytes) -> bytes | None:
    """The picture as a JPEG of at most LONGEST_SIDE pixels, or None when it is none that can be shown."""
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                return None
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture = ImageOps.exif_transpose(opened)
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            flat = Image.new("RGB", picture.size, "white")
            layers = picture.convert("RGBA")
            flat.paste(layers, mask=layers)
    except Exception:  # whatever a decoder makes of a broken file
        return None
    out = BytesIO()
    flat.save(out, "JPEG", quality=80)
    return out.getvalue()
