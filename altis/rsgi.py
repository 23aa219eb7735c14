"""The RSGI entry point: Django behind a bridge, and the short lane beside it."""

# First, since it sets Django up, without which the other cannot be imported.
from altis.wsgi import application as django

# isort: split
from altis.lane.application import Application

application = Application(django)
