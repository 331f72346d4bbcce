"""What a WSGI server imports: `consult.wsgi:app`."""

from .app import create_app

app = create_app()
