"""Letters and drafts of nothing but signs: what looks for sentences and numbers takes no more than their length."""

from __future__ import annotations

import re
import time

import pytest

from consult.debate.letters import NUMBERED, SENTENCE_END
from consult.documents.sentences import ENDING


def seconds(pattern: re.Pattern[str], words: str) -> float:
    """Of this process, to look for it everywhere; the least of three."""
    tries = []
    for _ in range(3):
        begun = time.process_time()
        pattern.sub("", words)
        tries.append(time.process_time() - begun)
    return min(tries)


@pytest.mark.parametrize(("pattern", "unit"), [(SENTENCE_END, "."), (ENDING, "."), (NUMBERED, "1.")])
def test_twice_as_much_takes_twice_as_long(pattern: re.Pattern[str], unit: str) -> None:
    assert seconds(pattern, unit * 6_000 + "!") < 3 * seconds(pattern, unit * 3_000 + "!")
