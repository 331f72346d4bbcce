"""What the process that reads a file and the one that waits for it say to each other.

The file comes on standard input. The answer is one of these words, a line end, and what was read as JSON or a sentence;
or a code, when there was no room left for an answer.
"""

DRAFT = b"draft"
REFUSED = b"refused"
OUT_OF_MEMORY = 81
OUT_OF_TIME = 82
REACHED_OUT = 83
