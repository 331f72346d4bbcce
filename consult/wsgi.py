"""What a WSGI server imports: `consult.wsgi:app`."""

from .core import collecting

collecting.rest()

from .app import create_app  # noqa: E402
from .core import seen  # noqa: E402

seen.to_standard_error()
app = create_app()
collecting.resume()
