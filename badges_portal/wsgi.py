"""The WSGI application that a server such as gunicorn serves; the typefaces are loaded before the first paper."""

import os
import sys

from django.core.wsgi import get_wsgi_application
from django.db import connection

from accounts.paper import typefaces
from badges_portal.database import UNUSABLE, in_one_sentence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "badges_portal.settings")
try:
    application = get_wsgi_application()
    connection.ensure_connection()
    connection.close()
    typefaces.preload()
except UNUSABLE as error:
    sys.exit(in_one_sentence(error))
