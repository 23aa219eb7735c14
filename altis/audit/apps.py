"""The audit as an app."""

from django.apps import AppConfig
from django.contrib.postgres.indexes import OpClass
from django.db.models.expressions import OrderBy
from django.db.models.functions import Collate
from django.db.models.indexes import IndexExpression
from django.db.models.signals import post_migrate, pre_migrate

from altis.audit import view


class AuditConfig(AppConfig):
    """Changes by staff, noted by triggers."""

    name = "altis.audit"
    verbose_name = "Audit"

    def ready(self) -> None:
        """Keep the view out of the way of migrations; and an operator class out of the brackets of its expression."""
        # As django.contrib.postgres does, which would also ask every new connection for types that nobody uses here.
        IndexExpression.register_wrappers(OrderBy, OpClass, Collate)
        pre_migrate.connect(view.drop_view, sender=self, dispatch_uid="audit_view_goes")
        post_migrate.connect(view.make_view, sender=self, dispatch_uid="audit_view_comes")
