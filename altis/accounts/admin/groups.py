"""Groups: the six roles to look at, and those that an airline makes itself."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin

from altis.accounts.admin.giving import GroupForm
from altis.accounts.roles import Role
from altis.store.admin.readonly import pretty
from altis.store.admin.reasons import AsksWhy

_ROLES = frozenset(role.value for role in Role)

admin.site.unregister(Group)  # Django's own page does not wear this site's clothes


@admin.register(Group)
class StaffGroupAdmin(AsksWhy, GroupAdmin, ModelAdmin):
    """Named sets of rights. The roles are put right at each migration, so nobody edits them by hand."""

    form = GroupForm
    compressed_fields = False  # the two lists of rights need the whole width

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, told who fills it in."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.acting = request.user
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """A role's rights by app, which can be read; the two lists to choose from for others."""
        return [(None, {"fields": ("name", "rights")})] if _is_role(obj) else super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """As ever; what is shown in words is never a field."""
        return (*super().get_readonly_fields(request, obj), "rights")

    @admin.display(description="Rights")
    def rights(self, group: Group) -> SafeString:
        """`Orders: cancel an order, view order`."""
        found: dict[str, list[str]] = {}
        for right in group.permissions.all():
            found.setdefault(right.content_type.app_label, []).append(right.name.removeprefix("Can "))
        return pretty(found)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        """With the rights by name, which a role's page lists one by one."""
        return super().get_queryset(request).prefetch_related("permissions__content_type")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever has the right to, but nobody for a role."""
        return super().has_change_permission(request, obj) and not _is_role(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever has the right to, but nobody for a role."""
        return super().has_delete_permission(request, obj) and not _is_role(obj)


def _is_role(group: Group | None) -> bool:
    return group is not None and group.name in _ROLES
