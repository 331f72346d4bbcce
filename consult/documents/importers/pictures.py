"""Pictures from a file, made anew: what people get is our own drawing of the same points, never the bytes that came.

So nothing travels along: no metadata (places, names, previews), no code for a decoder elsewhere to stumble on.
Only for the child process: decoders are the parts of a reader that break most often.
"""

from __future__ import annotations

import binascii
import hashlib
import re
import warnings
from io import BytesIO
from urllib.parse import unquote_to_bytes

from markupsafe import escape
from PIL import BmpImagePlugin, GifImagePlugin, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin
from PIL import Image as Images
from PIL.Image import DecompressionBombError, DecompressionBombWarning, Image

from ..parsed import PictureFile

Images.preinit()  # else it imports further plugins when the first picture is opened
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
PLUGINS = (BmpImagePlugin, GifImagePlugin, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)
MOST_POINTS = 40_000_000  # an A4 page at 600 dpi has 35 million; decoded, this is 160 MB
LONGEST_SIDE = 2_000  # points; a page shows fewer
SIMPLE = 4_096  # colours up to which a picture is a drawing, which JPEG would blur
QUALITY = 82
LARGEST_ALL = 24 * 1024 * 1024  # bytes of all pictures of a draft
LONGEST_ALT = 500
ODD = re.compile(r"\s+")
IN_ADDRESS = re.compile(r"\s*data:image/[\w.+-]+;base64,", re.IGNORECASE)  # RFC 2397


class Album:
    """The pictures of one draft, and remarks about those that cannot be shown."""

    def __init__(self) -> None:
        self.files: dict[str, PictureFile] = {}
        self.warnings: list[str] = []
        self._known: dict[bytes, str] = {}  # by the digest of what came: a logo on every page is made once
        self._room = LARGEST_ALL

    def show(self, data: bytes | None, alt: str) -> str:
        """A picture as HTML. Where it cannot be shown, a line in its place says what it was, and a remark says why."""
        alt = ODD.sub(" ", alt).strip()[:LONGEST_ALT]
        if data is None:
            return placeholder(alt)
        digest = hashlib.sha256(data).digest()
        if digest not in self._known:
            self._known[digest] = self._keep(data, alt)
        name = self._known[digest]
        return f'<img src="picture:{name}" alt="{escape(alt)}">' if name else placeholder(alt)

    def _keep(self, data: bytes, alt: str) -> str:
        """The name of a picture made anew; empty where that cannot be done."""
        try:
            media_type, made = _made_anew(data)
        except (OSError, ValueError, SyntaxError, EOFError, DecompressionBombError, DecompressionBombWarning):
            self._remark(alt, "it is a drawing, or of a kind that is not shown, or too large")
            return ""
        if len(made) > self._room:
            self._remark(alt, f"all pictures together are larger than {LARGEST_ALL // 1_048_576} MB")
            return ""
        self._room -= len(made)
        name = hashlib.sha256(made).hexdigest()[:32]
        self.files[name] = PictureFile(media_type, made)
        return name

    def _remark(self, alt: str, why: str) -> None:
        named = f"“{alt[:80]}”" if alt else "without a description"
        self.warnings.append(
            f"The picture {named} is not shown: {why}. A line stands in its place. To have it shown, put it into the"
            " document as PNG or JPEG."
        )


def is_drawn_by_points(data: bytes) -> bool:
    """Whether these bytes begin as a picture of one of our formats."""
    return data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*"))


def in_address(address: str) -> bytes | None:
    """The picture that an address itself holds (`data:image/png;base64,…`); None where it holds none."""
    match = IN_ADDRESS.match(address)
    if match is None:
        return None
    try:
        return binascii.a2b_base64(unquote_to_bytes(address[match.end() :]))
    except binascii.Error:
        return b""  # which no decoder takes: the remark says so


def placeholder(alt: str) -> str:
    """The line that stands in the place of a picture."""
    return f"[Picture: {escape(alt)}]" if alt else "[Picture]"


def _made_anew(data: bytes) -> tuple[str, bytes]:
    """(media type, bytes) of the first frame, upright, at most LONGEST_SIDE wide and high."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is damaged, what can be shown is shown
        warnings.simplefilter("error", DecompressionBombWarning)
        with Images.open(BytesIO(data), formats=FORMATS) as image:
            width, height = image.size
            if width * height > MOST_POINTS or min(width, height) < 1:
                raise ValueError("too many points")
            if image.format == "JPEG":
                image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # decodes at a fraction of the size
            image.load()
            return _encoded(_upright(image))


def _upright(image: Image) -> Image:
    """As it is looked at (EXIF 274, orientation), small enough, in plain colours."""
    turn = {3: Images.Transpose.ROTATE_180, 6: Images.Transpose.ROTATE_270, 8: Images.Transpose.ROTATE_90}
    orientation = image.getexif().get(274)
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    plain = _on_paper(image) if has_alpha else image.convert("L" if image.mode in ("1", "L") else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return plain.transpose(turn[orientation]) if orientation in turn else plain


def _on_paper(image: Image) -> Image:
    """What is seen through shows white: black lines on nothing could not be read on a dark page."""
    seen = image.convert("RGBA")
    return Images.alpha_composite(Images.new("RGBA", seen.size, "white"), seen).convert("RGB")


def _encoded(image: Image) -> tuple[str, bytes]:
    """Drawings as PNG, photographs as JPEG."""
    out = BytesIO()
    if image.getcolors(SIMPLE) is not None:
        image.save(out, "PNG", optimize=False)
        return "image/png", out.getvalue()
    image.save(out, "JPEG", quality=QUALITY)
    return "image/jpeg", out.getvalue()
