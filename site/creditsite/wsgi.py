"""The application for a WSGI server: ``gunicorn -c …/gunicorn.conf.py creditsite.wsgi:app``.

The one module that makes an application when it is imported.
"""

from __future__ import annotations

from creditregister import settings
from creditsite import logs
from creditsite.app import create_app

logs.configure()
app = create_app(settings.load())
