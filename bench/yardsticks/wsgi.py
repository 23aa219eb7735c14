"""The entry point of the Django yardsticks."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.yardsticks.settings"
application = get_wsgi_application()
