"""The WSGI entry point for a production server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yika.config.settings")
application = get_wsgi_application()

# A page makes tens of thousands of short-lived objects, nearly none of them in a ring. Looking for rings
# every 700 of them takes a fifteenth of its time; what was loaded at the start need not be looked at again.
gc.freeze()
gc.set_threshold(20_000, 20, 50)
