"""A file as it arrives: read it as text, or say in a sentence why it cannot be."""

from __future__ import annotations

import re
import unicodedata

from consult.core.errors import Invalid

LARGEST_SOURCE = 5 * 1024 * 1024  # bytes of text; about 1,500 printed pages
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")
BEHIND_A_TAG = re.compile("(?<=[<>=])\u0338")  # a stroke through that sign, if it were composed with it
BINARY = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode(data: bytes) -> str:
    """The file's text, such that encoding it as UTF-8 gives the same bytes; Invalid with a sentence at `file`."""
    check_size(len(data))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Invalid(
            "This file is in UTF-16. Open it in your editor, save it again as UTF-8, and send that.", field="file"
        )
    beginning = data[:65_536].decode("latin-1")
    if b"\x00" in data or len(BINARY.findall(beginning)) > len(beginning) // 100:
        raise Invalid(
            "This is neither a text nor a document that can be read. Send the draft as Word (.docx), OpenDocument (.odt),"
            " a web page (.html), standards XML (.xml), Markdown (.md) or plain text (.txt).",
            field="file",
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Invalid(
            f"Line {line:,} holds characters that are not UTF-8. Open the file in your editor, save it again as UTF-8,"
            " and send that.",
            field="file",
        ) from None


def check_size(size: int) -> None:
    """Refuse what is too large to be read at a sitting, or empty."""
    if size > LARGEST_SOURCE:
        raise Invalid(
            f"This text is {size / 1_048_576:,.1f} MB; {LARGEST_SOURCE // 1_048_576} MB is the most. Make the"
            " pictures in it smaller, if it holds any; a longer text can be consulted in parts.",
            field="file",
        )
    if size == 0:
        raise Invalid("This file is empty. Choose the file that holds the text of the draft.", field="file")


def tidy(source: str) -> str:
    """Composed characters, plain newlines, plain blanks, no control characters."""
    check_size(len(source.encode("utf-8", "surrogatepass")))
    composed = unicodedata.normalize("NFC", source).replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    return CONTROL.sub("", composed)


def tidy_markup(source: str) -> str:
    """The same of a page or an XML text, where a mark that begins the words behind a tag does not change the tag."""
    return tidy(BEHIND_A_TAG.sub("&#x338;", source))
