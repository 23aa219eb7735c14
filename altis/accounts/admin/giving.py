"""Nobody gives rights that they lack, and somebody is always left who can give them."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.forms import ModelForm

from altis.accounts.errors import LastAdministrator
from altis.accounts.models import User
from altis.accounts.roles import Role
from altis.accounts.services.keep_administrator import keep_administrator
from altis.store.admin.reasons import ExplainedForm, reason_field

# Why somebody is let in, shut out, or gets other rights.
REASONS = {
    "joined": "Joined, or came back",
    "duties": "Other duties",
    "left": "Left, or is away",
    "security": "Security",
    "customer_asked": "The customer asked for it",
    "correction": "Correction of a mistake",
}
_LACKING = "You can give only rights that you have yourself."


def outranks(actor: User, other: User) -> bool:
    """Whether the actor has every right of the other, who may be shut out at present."""
    if actor.is_superuser:
        return True
    return not other.is_superuser and _covers(actor, Q(group__user=other) | Q(user=other))


def _covers(actor: User, which: Q) -> bool:
    rights = Permission.objects.filter(which).order_by().values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in rights} <= actor.get_all_permissions()


def _added(form: "ModelForm[Any]", field: str) -> set[Any]:
    chosen: Iterable[Model] = form.cleaned_data.get(field, ())
    before = form.initial.get(field) or ()
    return {row.pk for row in chosen} - {row.pk for row in before}


class GivingForm(ExplainedForm):
    """A form that knows who fills it in; `acting` is set on the class that the admin makes for one request."""

    acting: User
    reason = reason_field(REASONS)


class GroupForm(GivingForm):
    """The rights of a group that an airline made itself."""

    def clean_permissions(self) -> Any:
        """Refuse rights that the actor lacks and that the group did not have before."""
        if not _covers(self.acting, Q(pk__in=_added(self, "permissions"))):
            raise ValidationError(_LACKING, code="lacking")
        return self.cleaned_data["permissions"]


class UserForm(GivingForm):
    """Who may enter, and in which groups they are."""

    def clean_groups(self) -> Any:
        """Refuse groups with a right that the actor lacks."""
        if not _covers(self.acting, Q(group__in=_added(self, "groups"))):
            raise ValidationError(_LACKING, code="lacking")
        return self.cleaned_data["groups"]

    def clean(self) -> dict[str, Any] | None:
        """Refuse to shut out the last administrator. The page's transaction is open: two at once cannot both pass."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self._stays_administrator(cleaned):
            try:
                keep_administrator(without=self.instance)
            except LastAdministrator as refusal:
                raise ValidationError(refusal.detail, code=refusal.code) from refusal
        return cleaned

    def _stays_administrator(self, cleaned: dict[str, Any]) -> bool:
        groups: Iterable[Group] = cleaned.get("groups", ())
        able = self.instance.is_superuser or Role.ADMINISTRATOR.value in {group.name for group in groups}
        return bool(able and cleaned.get("is_active") and cleaned.get("is_staff"))
