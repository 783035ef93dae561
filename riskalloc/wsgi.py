"""The entry point of a production server: `gunicorn riskalloc.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskalloc.settings")
application = get_wsgi_application()

from riskalloc.web.queues.process import begin  # noqa: E402  # after the settings

begin()
