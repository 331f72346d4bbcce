"""From a file to numbered units.

`take` is for files as they arrive: what is read is decided by looking at the content (`guard`), and it is read in a
child process with little memory, little time and no way out (`child`). `read` cuts a text of our own in this process.
To add a text format, write its module and name it in `texts.TEXT_FORMATS`; an archive format goes into `readers`.
"""

from .letter_files import ReadLetter
from .taking import Taken, take, take_letter
from .texts import read

__all__ = ["ReadLetter", "Taken", "read", "take", "take_letter"]
