"""The WSGI entry point that the application server loads."""

import os

from django.core.cache import close_caches
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import reset_queries

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "altis.settings")
# A request gives a silent database up; a job, a migration or a report may wait. Longer than the statement timeout.
os.environ.setdefault("ALTIS_DB_ANSWER_SECONDS", "6")
# Searches and lists of flights are answered from memory, by whoever serves them.
os.environ.setdefault("ALTIS_INDEX", "on")
application = get_wsgi_application()
# Asked in vain by each request: django-redis keeps its connections, and queries are kept where DEBUG is on.
request_finished.disconnect(close_caches)
request_started.disconnect(reset_queries)

from catalog import index  # noqa: E402 # its models need Django to be set up

index.start()
