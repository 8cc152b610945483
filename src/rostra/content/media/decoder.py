"""One foreign picture in, pictures of ours out; run as a program, in a process of its own.

It limits itself before it looks at anything: memory, time, the size of what it writes, and where
the system allows it no network. Whatever a decoder is made to do ends with this process. What
comes out was drawn anew from pixels: nothing of the source's metadata is in it.

    python -I decoder.py JPEG picture < source > result

The result is one line of JSON, then the pictures one behind the other. Needs Pillow alone, which
is imported after the limits hold; the forum's own process imports this file for its numbers only.
"""

from __future__ import annotations

import io
import json
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image

MEMORY = 512 * 2**20
SECONDS = 10
LARGEST_RESULT = 48 * 2**20
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 16_384
MOST_FRAMES = 500
MOST_ANIMATED = 120_000_000  # pixels of all frames together
WIDTHS = (700, 1400)  # as wide as a post, for plain and for fine screens
LONGEST_KEPT = 2560
AVATAR = (64, 128)  # sides, for plain and for fine screens
REFUSED = 3  # the exit code that comes with a reason
_LARGEST_LOSSLESS = 2**20
_LARGEST_PROFILE = 2**20
_TURNS = {2: (0,), 3: (3,), 4: (1,), 5: (5,), 6: (4,), 7: (6,), 8: (2,)}  # Exif → Transpose


class Refused(Exception):
    """This picture is not taken; the argument is the reason code."""


def limit() -> None:
    """Give up memory beyond a bound, time, large files, core dumps, and the network."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_RESULT, LARGEST_RESULT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    try:
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)  # a network with nothing in it
    except (AttributeError, OSError):
        return  # the system does not let us


def convert(source: bytes, form: str, shape: str) -> tuple[dict[str, Any], list[bytes]]:
    """Return what the picture is and what was made of it, the largest first; raises Refused."""
    from PIL import Image, ImageFile

    Image.MAX_IMAGE_PIXELS = None  # our own bounds are narrower, and are errors
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    image = Image.open(io.BytesIO(source), formats=[form])
    width, height = image.size
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise Refused("picture_too_large")
    frames = getattr(image, "n_frames", 1)
    if frames > MOST_FRAMES:
        raise Refused("picture_frames")
    if frames > 1 and shape == "picture":
        if width * height * frames > MOST_ANIMATED:
            raise Refused("picture_too_large")
        return _facts(image, is_animated=True), [_animation(image, frames)]
    orientation = image.getexif().get(0x0112, 1)
    profile = image.info.get("icc_profile")
    is_drawn = form in ("PNG", "GIF")
    plain = _reduced(image, _wanted(image, shape))
    plain = _in_srgb(plain, profile)
    for turn in _TURNS.get(orientation, ()):
        plain = plain.transpose(Image.Transpose(turn))
    plain.info = {}
    if shape == "avatar":
        plain = _square(plain)
        sides = [_resized(plain, side, side) for side in AVATAR[::-1]]
        return {"width": AVATAR[1], "height": AVATAR[1], "is_animated": False}, sides
    made = [_largest(plain, is_drawn=is_drawn)]
    made += [
        _resized(plain, width, max(1, round(plain.height * width / plain.width)))
        for width in WIDTHS
        if width < plain.width
    ]
    return _facts(plain), made


def _facts(image: Image.Image, *, is_animated: bool = False) -> dict[str, Any]:
    return {"width": image.width, "height": image.height, "is_animated": is_animated}


def _wanted(image: Image.Image, shape: str) -> tuple[int, int]:
    """Return the size to decode to, in the direction the picture is stored in."""
    is_square = shape == "avatar"
    scale = 4 * AVATAR[1] / min(image.size) if is_square else LONGEST_KEPT / max(image.size)
    if scale >= 1:
        return image.size
    return max(1, round(image.width * scale)), max(1, round(image.height * scale))


def _reduced(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Decode, as small as will do; in a mode that can be drawn with."""
    from PIL import Image

    image.draft(None, (2 * size[0], 2 * size[1]))
    image.load()
    plain: Image.Image = image
    if plain.mode.startswith("I"):
        plain = plain.point(lambda value: value * (1 / 256)).convert("L")
    if plain.mode not in ("L", "RGB", "RGBA", "CMYK"):
        has_alpha = plain.mode in ("LA", "PA") or "transparency" in plain.info
        plain = plain.convert("RGBA" if has_alpha else "RGB")
    if plain.size != size:
        plain = plain.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return plain.copy() if plain is image else plain


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Bring colours into the space every screen takes for granted; the profile goes."""
    if profile and len(profile) <= _LARGEST_PROFILE and image.mode in ("RGB", "RGBA", "CMYK"):
        from PIL import ImageCms

        alpha = image.getchannel("A") if image.mode == "RGBA" else None
        source = image if image.mode == "CMYK" else image.convert("RGB")
        try:
            shown = ImageCms.profileToProfile(
                source,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            shown = None  # a profile that is none, or of other colours than these
        if shown is not None:
            if alpha is not None:
                shown.putalpha(alpha)
            return shown
    return image if image.mode in ("RGB", "RGBA") else image.convert("RGB")


def _square(image: Image.Image) -> Image.Image:
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side))


def _largest(image: Image.Image, *, is_drawn: bool) -> bytes:
    """What was drawn, or is of text, stays sharp to the pixel where that is not too much."""
    if is_drawn:
        exact = _webp(image, lossless=True, quality=20, method=1)
        if len(exact) <= _LARGEST_LOSSLESS:
            return exact
    return _webp(image, quality=84, method=3)


def _resized(image: Image.Image, width: int, height: int) -> bytes:
    from PIL import Image

    small = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return _webp(small, quality=82, method=4)


def _animation(image: Image.Image, frames: int) -> bytes:
    durations = []
    for frame in range(frames):
        image.seek(frame)
        durations.append(image.info.get("duration") or 100)
    image.seek(0)
    loop = image.info.get("loop", 1 if image.format == "GIF" else 0)
    return _webp(
        image, save_all=True, duration=durations, loop=loop, quality=70, method=0,
        background=(0, 0, 0, 0),
    )  # fmt: skip


def _webp(image: Image.Image, **how: Any) -> bytes:
    out = io.BytesIO()
    # All three named: left out they would be taken from the source.
    image.save(out, "WEBP", icc_profile=b"", exif=b"", xmp=b"", **how)
    return out.getvalue()


def main() -> int:
    """Read the picture and write the result; 0, or REFUSED with a reason."""
    form, shape = sys.argv[1:3]
    source = sys.stdin.buffer.read()
    limit()
    try:
        facts, made = convert(source, form, shape)
    except Refused as reason:
        sys.stdout.write(json.dumps({"reason": str(reason)}) + "\n")
        return REFUSED
    except MemoryError:
        sys.stdout.write(json.dumps({"reason": "picture_too_large"}) + "\n")
        return REFUSED
    except Exception:
        # Whatever a decoder says of bytes that are none of its own.
        sys.stdout.write(json.dumps({"reason": "picture_broken"}) + "\n")
        return REFUSED
    head = json.dumps({**facts, "sizes": [len(one) for one in made]}) + "\n"
    sys.stdout.buffer.write(b"".join([head.encode(), *made]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
