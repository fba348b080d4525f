"""Pictures of pages, compared so that a broken page shows and another machine's letters do not.

What is kept is a quarter of a page's size. What is compared is how dark and of what colour it is in tiles of 16 pixels,
each with some of what is around it: a line that stands three pixels lower changes little there, a missing stylesheet,
a part that covers another or an empty section much.
"""

from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

from tests import ROOT

KEPT = Path(__file__).parent / "baselines"
#: Where the pictures of failed comparisons go.
FAILED = ROOT / "test-results"
#: By how much a tile may differ, of 255; how many tiles may differ more; by how much a page may be longer or shorter.
SHADE, SHARE, LENGTH = 20, 0.01, 0.06
TALLEST = 1800


def small(picture: Image.Image) -> Image.Image:
    """As it is kept."""
    picture = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, TALLEST)))
    quarter = picture.resize((picture.width // 4, picture.height // 4), Image.Resampling.BOX)
    return quarter.quantize(64, dither=Image.Dither.NONE)


def _tiles(kept: Image.Image) -> Image.Image:
    blurred = kept.convert("RGB").filter(ImageFilter.GaussianBlur(4))
    return blurred.resize((kept.width // 4, kept.height // 4), Image.Resampling.BOX)


def differing(before: Image.Image, now: Image.Image) -> tuple[float, Image.Image]:
    """The share of tiles that differ, and where they are, in white. Another length is all of it."""
    width, height = before.width, min(before.height, now.height)
    if now.width != width or abs(now.height - before.height) > LENGTH * before.height:
        return 1.0, Image.new("L", now.size, 255)
    one, other = (_tiles(picture.crop((0, 0, width, height))) for picture in (before, now))
    worst = ImageChops.difference(one, other).split()
    most = ImageChops.lighter(ImageChops.lighter(worst[0], worst[1]), worst[2])
    marks = most.point(lambda by: 255 if by > SHADE else 0)
    return marks.histogram()[255] / (marks.width * marks.height), marks.resize((width, height))


def complaint(name: str, now: Image.Image) -> str:
    """Nothing, or that the page does not look as it did; then its picture and the places are in `FAILED`."""
    kept = KEPT / f"{name}.png"
    if not kept.exists():
        return f"{name}: no picture of it is kept: make baselines"
    with Image.open(kept) as before:
        share, where = differing(before, small(now))
    if share <= SHARE:
        return ""
    FAILED.mkdir(exist_ok=True)
    now.save(FAILED / f"{name}.png")
    where.save(FAILED / f"{name}-where.png")
    return f"{name}: {share:.0%} of it look different: see {FAILED}; if it is meant to: make baselines"
