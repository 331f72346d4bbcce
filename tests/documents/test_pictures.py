"""Pictures from files: drawn anew, small enough, without what was hidden in them."""

from __future__ import annotations

import zlib
from base64 import b64encode
from io import BytesIO
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from consult.documents.importers import texts
from consult.documents.importers.pictures import LARGEST_ALL, LONGEST_SIDE, Album
from tests.lengths import examples

from .office import picture


def shown(data: bytes) -> tuple[Album, Image.Image]:
    """The album with one picture, and that picture as a browser decodes it."""
    album = Album()
    assert album.show(data, "It").startswith('<img src="picture:')
    (file,) = album.files.values()
    image = Image.open(BytesIO(file.data))
    image.load()
    assert file.media_type == f"image/{str(image.format).lower()}"
    return album, image


@pytest.mark.parametrize(
    ("format", "modes"),
    [
        ("PNG", "RGB L P"),
        ("GIF", "RGB L P"),
        ("BMP", "RGB L P"),
        ("TIFF", "RGB L P"),
        ("JPEG", "RGB L"),
        ("WEBP", "RGB L"),
    ],
)
def test_every_format_becomes_one_that_browsers_show(format: str, modes: str) -> None:
    for mode in modes.split():
        _, image = shown(picture((40, 30), format, mode))
        assert image.size == (40, 30)
        assert image.format == "PNG"


def test_photographs_are_jpeg_and_large_ones_are_made_smaller() -> None:
    noise = Image.effect_noise((3_000, 1_500), 80).convert("RGB")
    out = BytesIO()
    Image.merge("RGB", (noise.getchannel(0), noise.getchannel(0).rotate(90), noise.getchannel(0).rotate(180))).save(
        out, "JPEG"
    )
    _, image = shown(out.getvalue())
    assert image.format == "JPEG"
    assert image.size == (LONGEST_SIDE, LONGEST_SIDE // 2)


def test_what_is_hidden_in_a_picture_does_not_come_along() -> None:
    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    exif[0x0112] = 6  # to be turned by a quarter
    _, image = shown(picture((40, 30), "JPEG", exif=exif.tobytes()))
    assert image.size == (30, 40)
    assert not image.getexif()
    info = PngInfo()
    info.add_text("Comment", "a secret")
    album, image = shown(picture((40, 30), "PNG", pnginfo=info) + b"<script>a secret</script>")
    assert image.info.get("Comment") is None
    assert b"secret" not in next(iter(album.files.values())).data


def test_what_is_seen_through_is_white_paper() -> None:
    out = BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    _, image = shown(out.getvalue())
    assert image.convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def declared(width: int, height: int) -> bytes:
    """A PNG that says it has so many points."""
    data = bytearray(picture())
    data[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        declared(50_000, 50_000), declared(7_000, 7_000), declared(0, 10), picture()[:60], b"", b"<svg/>",
        b"\x01\x00\x00\x00" + b"\x00" * 40, b"\xd7\xcd\xc6\x9a" + b"\x00" * 40, b"%!PS-Adobe-3.0 EPSF-3.0\n",
    ],
    ids=["bomb", "too many points", "no width", "cut", "empty", "svg", "emf", "wmf", "eps"],
)  # fmt: skip
def test_what_cannot_be_shown_has_a_line_in_its_place(data: bytes) -> None:
    album = Album()
    assert album.show(data, 'A "plan" & <b>more</b>') == "[Picture: A &#34;plan&#34; &amp; &lt;b&gt;more&lt;/b&gt;]"
    assert not album.files
    assert len(album.warnings) == 1
    assert "is not shown" in album.warnings[0]


def test_the_same_picture_is_kept_once_and_all_together_have_a_limit() -> None:
    album = Album()
    assert album.show(picture(), "One") != album.show(picture(), "Two")
    assert len(album.files) == 1
    album._room = 50
    assert album.show(picture((41, 30)), "Three") == "[Picture: Three]"
    assert f"larger than {LARGEST_ALL // 1_048_576} MB" in album.warnings[0]


@settings(max_examples=examples(200), deadline=None)
@given(
    st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"]),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=8),
)
def test_a_damaged_picture_is_shown_or_told(format: str, changes: list[tuple[int, int]]) -> None:
    data = bytearray(picture((30, 20), format))
    for place, value in changes:
        data[place % len(data)] = value
    album = Album()
    assert album.show(bytes(data), "It").startswith(("<img ", "[Picture"))


DOT = "data:image/png;base64," + b64encode(picture((4, 3), "PNG", "RGB")).decode()


@pytest.mark.parametrize(
    "text",
    [
        f"# One\n\n![A dot]({DOT})\n",
        f'# One\n\n<img src="{DOT}" alt="A dot">\n',
        f"# One\n\nBefore <img alt='A dot' src='{DOT}'/> after.\n",
        f'<html><body><h1>One</h1><p><img src="{DOT}" alt="A dot"></p></body></html>',
        f'<html><body><h1>One</h1><p>Before <img src="{quote(DOT, safe=":/;,=")}" alt="A dot"> after.</p></body></html>',
        f'<html><body><h1>One</h1><figure><img src="{DOT}" alt="A dot"><figcaption>It</figcaption></figure></body></html>',
    ],
)
def test_a_picture_that_a_text_holds_is_shown(text: str) -> None:
    draft = texts.read(text)
    (name,) = draft.pictures
    assert "".join(unit.html for unit in draft.units).count(f'<img src="picture:{name}" alt="A dot">') == 1
    assert "data:" not in "".join(unit.html for unit in draft.units)
    assert draft.warnings == []
    with Image.open(BytesIO(draft.pictures[name].data)) as image:
        assert image.size == (4, 3)


def test_a_picture_without_a_description_is_a_figure_of_its_own() -> None:
    draft = texts.read(f"# One\n\n![]({DOT})\n\nWords.\n")
    assert [unit.kind for unit in draft.units] == ["clause", "figure", "paragraph"]


@pytest.mark.parametrize(
    "held", ["data:image/png;base64,AAAA", "data:image/svg+xml;base64,PHN2Zy8+", "data:image/png;base64,A"]
)
def test_a_picture_that_cannot_be_decoded_leaves_its_words(held: str) -> None:
    for text in (
        f'# One\n\n<img src="{held}" alt="A dot">\n',
        f'<html><body><h1>One</h1><img src="{held}" alt="A dot"></body></html>',
    ):
        draft = texts.read(text)
        assert "[Picture: A dot]" in "".join(unit.html for unit in draft.units)
        assert draft.pictures == {}
        assert "not shown" in " ".join(draft.warnings)


def test_nobody_names_a_picture_that_is_not_in_the_text() -> None:
    draft = texts.read(
        '# One\n\nWords <img src="picture:0123456789abcdef" alt="x"> and ![x](picture:0123456789abcdef).\n'
    )
    assert "<img" not in "".join(unit.html for unit in draft.units)
