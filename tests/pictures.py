"""Pictures for tests, made by the tests themselves; and what can be found in a picture."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image

XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>33.4138 North of the flood barrier</x:xmpmeta>"


def photo(width: int = 1600, height: int = 1200) -> Image.Image:
    """Return something with as many colours as a photo."""
    red = Image.linear_gradient("L").resize((width, height))
    green = Image.radial_gradient("L").resize((width, height))
    return Image.merge("RGB", (red, green, red.rotate(180)))


def encoded(image: Image.Image, form: str, **how: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **how)
    return out.getvalue()


def jpeg(width: int = 1600, height: int = 1200, **how: Any) -> bytes:
    return encoded(photo(width, height), "JPEG", **how)


def png(width: int = 40, height: int = 30, **how: Any) -> bytes:
    return encoded(photo(width, height), "PNG", **how)


def from_a_phone(width: int = 1600, height: int = 1200) -> bytes:
    """A photo lying on its side, with its position, its camera and a profile noted in it."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn to the right to see it
    exif[0x010F], exif[0x0110] = "Harbourphone", "Mole 7"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (33.0, 24.0, 49.7)
    place[3], place[4] = "W", (118.0, 24.0, 1.2)
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = photo(width, height)
    image.paste((255, 0, 0), (0, 0, width // 4, height // 4))  # its upper left corner, as stored
    return encoded(image, "JPEG", exif=exif, icc_profile=profile, xmp=XMP, quality=85)


def moving(frames: int = 12, side: int = 60) -> bytes:
    first, *rest = (photo(side, side).rotate(number * 20) for number in range(frames))
    return encoded(first, "GIF", save_all=True, append_images=rest, duration=50, loop=0)


def gif_of(frames: int) -> bytes:
    """A GIF of so many frames of one pixel, 20 bytes each."""
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = b"\x21\xf9\x04\0\0\0\0\0" + b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0)
    return head + (frame + b"\x02\x02D\x01\0") * frames + b"\x3b"


def chunk(name: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_of(width: int, height: int, *chunks: bytes) -> bytes:
    """A PNG of one bit a pixel, all of it there, in a thousandth of its size."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    pack = zlib.compressobj(9)
    row = bytes(1 + (width + 7) // 8)
    body = b"".join(pack.compress(row) for _ in range(height)) + pack.flush()
    pixels = chunk(b"IDAT", body)
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + pixels + chunk(b"IEND", b"")


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))
