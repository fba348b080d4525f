"""Receipts as pictures in a paper: small, upright, without what a camera writes into them."""

from io import BytesIO

from PIL import Image, ImageOps

#: Pixels of a thumbnail's longer side, at most.
LONGEST_SIDE = 1200
_MAX_PIXELS = 60_000_000
_FORMATS = ("JPEG", "PNG", "WEBP")


def make_thumbnail(data: bytes) -> bytes | None:
    """The picture as a JPEG of at most LONGEST_SIDE pixels, or None when it cannot be decoded."""
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as source:
            if source.width * source.height > _MAX_PIXELS:
                return None
            source.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture = ImageOps.exif_transpose(source)
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            flat = Image.new("RGB", picture.size, "white")
            layers = picture.convert("RGBA")
            flat.paste(layers, mask=layers)
    except Exception:  # whatever a decoder makes of a broken file
        return None
    out = BytesIO()
    flat.save(out, "JPEG", quality=80)
    return out.getvalue()
