"""Draws an uploaded picture anew: what is stored and shown carries nothing of the file but what is seen."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

#: Bytes that an uploaded file may have.
LARGEST_FILE = 5 * 1024 * 1024
#: Pixels along the longer side of what is stored.
LONGEST_SIDE = 1600
#: Pixels that a file may have, and that are unpacked at most (a JPEG is unpacked smaller): a small file can hold a picture
#: that would fill the memory. Making one small takes copies: some 250 MB for a moment, of a WebP 450.
MOST_PIXELS = 40_000_000
MOST_UNPACKED = 25_000_000
#: What can be made small as it is; palettes and the like lose their colours.
SCALED_WELL = {"L", "RGB", "RGBA", "CMYK"}
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 85


class NotAPicture(Exception):
    """The file is no picture of a kind that is taken, is broken, or is too large to unpack."""


@dataclass(frozen=True)
class Picture:
    """A JPEG, drawn anew, and its size in pixels."""

    content: bytes
    width: int
    height: int


def drawn_anew(file: bytes) -> Picture:
    """The picture in a JPEG, PNG or WebP file, at most `LONGEST_SIDE` wide and high. Raises `NotAPicture`."""
    try:
        with warnings.catch_warnings():
            # What the library only warns of is refused here.
            warnings.simplefilter("error")
            return _drawn(file)
    except NotAPicture:
        raise
    except Exception as error:
        # A decoder may fail in any way on a broken or hostile file; none of them is our visitor's 500.
        raise NotAPicture("it cannot be read") from error


def _drawn(file: bytes) -> Picture:
    with Image.open(BytesIO(file), formats=FORMATS) as source:
        if source.width * source.height > MOST_PIXELS:
            raise NotAPicture("it has too many pixels")
        if source.format == "JPEG":
            source.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        if source.width * source.height > MOST_UNPACKED:
            raise NotAPicture("it is too large to unpack")
        # Small before all else: each step makes another copy.
        small = source if source.mode in SCALED_WELL else source.convert("RGBA")
        small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(small).convert("RGBA")
    # A new canvas: comments, places and other hidden things of the file do not come along.
    canvas = Image.new("RGB", upright.size, "white")
    canvas.paste(upright, mask=upright.getchannel("A"))
    drawn = BytesIO()
    canvas.save(drawn, "JPEG", quality=QUALITY, optimize=True)
    return Picture(drawn.getvalue(), canvas.width, canvas.height)
