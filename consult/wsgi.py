"""What a WSGI server imports: `consult.wsgi:app`."""

import gc

gc.disable()  # all of what is loaded now stays: looking through it again and again is a fifth of the start

from .app import create_app  # noqa: E402
from .core import seen  # noqa: E402

seen.to_standard_error()
app = create_app()
gc.freeze()  # and it is shared by processes forked from this one, as long as nothing touches it
gc.enable()
