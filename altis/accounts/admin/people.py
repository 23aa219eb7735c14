"""People with an account. Addresses are masked; an account is shut, never deleted."""

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from altis.accounts.admin.giving import UserForm, outranks
from altis.accounts.admin.reveals import PersonalData
from altis.accounts.emails import index_of
from altis.accounts.errors import InvalidEmail
from altis.accounts.models import User
from altis.accounts.services.reveal import clear
from altis.privacy.masking import masked
from altis.store.admin.pages import InfinitePaginator
from altis.store.admin.readonly import coloured
from altis.store.admin.reasons import AsksWhy

_COLOURS = {"administrator": "primary", "staff": "info", "customer": ""}


@admin.register(User)
class UserAdmin(AsksWhy, PersonalData, ModelAdmin):
    """Customers and staff. Administrators let somebody in, or shut somebody out; nobody goes beyond their own rights.

    Superusers are made on the machine that Altis runs on, never here.
    """

    form = UserForm
    actions_detail = ("reveal_personal_data",)
    list_display = ("id", "kind", "is_active", "date_joined", "last_login")
    list_filter = ("is_staff", "is_superuser", "is_active", "groups")
    search_fields = ("id__exact",)
    search_help_text = "Id, or the whole e-mail address"
    ordering = ("-id",)
    sortable_by = ("id",)
    list_per_page = 50
    paginator = InfinitePaginator  # every customer has an account
    show_full_result_count = False
    autocomplete_fields = ("groups",)
    readonly_fields = ("id", "address", "kind", "email_verified_at", "date_joined", "last_login")
    fieldsets: ClassVar = (
        (None, {"fields": ("id", "address", "kind")}),
        ("Rights", {"fields": ("is_active", "is_staff", "groups")}),
        ("When", {"fields": ("date_joined", "last_login", "email_verified_at")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """No: an account begins with a password that nobody but its owner knows."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever has the right to, for people who have no right that they lack."""
        allowed: bool = super().has_change_permission(request, obj)
        return allowed and (not isinstance(obj, User) or outranks(cast(User, request.user), obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No: orders keep their owner."""
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, told who fills it in."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.acting = request.user
        return form

    def subject_of(self, row: User) -> str:
        """The person's own key."""
        return str(row.pk)

    def personal_data(self, row: User) -> list[tuple[str, str]]:
        """All that an account has."""
        return [("E-mail address", clear(row, "email"))]

    def save_model(self, request: HttpRequest, obj: Model, form: "ModelForm[User]", change: bool) -> None:
        """Write what was changed and nothing else: a log-in at the same moment stays."""
        columns = {field.name for field in obj._meta.concrete_fields}
        obj.save(update_fields=[name for name in form.changed_data if name in columns])

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """By id, or by address through its blind index."""
        if "@" in search_term:
            return self._with_address(queryset, search_term), False
        found: tuple[QuerySet[User], bool] = super().get_search_results(request, queryset, search_term.strip().lower())
        return found

    def _with_address(self, queryset: QuerySet[User], address: str) -> QuerySet[User]:
        try:
            return queryset.filter(email_index=index_of(address))
        except InvalidEmail:
            return queryset.none()

    @coloured(_COLOURS, description="Kind")
    def kind(self, user: User) -> str:
        """Administrator, staff or customer."""
        return "administrator" if user.is_superuser else "staff" if user.is_staff else "customer"

    @admin.display(description="E-mail address")
    def address(self, user: User) -> str:
        """The first letter, so that a person on the telephone can be told from another."""
        return masked(user, "email")
