"""What a WSGI server imports: `consult.wsgi:app`."""

from .app import create_app
from .core import seen

seen.to_standard_error()
app = create_app()
