"""Why a row is changed by hand: a word from a short list, which the audit keeps with what was changed."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.forms import ChoiceField, ModelForm
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminSelectWidget

from altis.store.admin.lists import SteadyLists

# Why a row is deleted, whatever it is.
DELETED = {
    "made_by_mistake": "It was made by mistake",
    "replaced": "Something else takes its place",
    "not_needed": "It is not needed any more",
    "withdrawn": "It is withdrawn from sale",
}
_FIELD = "reason"
_NONE = ("", "–")


def reason_field(reasons: Mapping[str, str]) -> ChoiceField:
    """The list to choose from: `{"new_price": "New price"}`. Words, so that the audit can be read and counted."""
    choices = [_NONE, *reasons.items()]
    return ChoiceField(
        choices=choices,
        required=False,
        label="Why",
        help_text="Kept in the audit with the change.",
        widget=UnfoldAdminSelectWidget(choices=choices),
        error_messages={"required": "Say why: the audit keeps it with the change."},
    )


class ExplainedForm(ModelForm):  # type: ignore[type-arg]  # the form of several models
    """A form with a `reason`: wanted of whoever changes a row, welcome of whoever adds one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As a ModelForm."""
        super().__init__(*args, **kwargs)
        if _FIELD in self.fields:
            self.fields[_FIELD].required = not self.instance._state.adding

    @property
    def changed_data(self) -> list[str]:
        """The fields that differ; to say why changes nothing."""
        return [name for name in super().changed_data if name != _FIELD]


class AsksWhy(SteadyLists):
    """Mixed into a page before its ModelAdmin: the reason stands last, and who changes nothing is not asked."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Those of the page, and the reason."""
        pages: Any = super()
        return self.asking(request, obj, pages.get_fieldsets(request, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Those of the page, and what a row that is there is known by: another code would make another row."""
        pages: Any = super()
        fields: tuple[str, ...] = tuple(pages.get_readonly_fields(request, obj))
        key = obj._meta.pk if obj is not None else None
        return (*fields, key.name) if key is not None and key.editable else fields

    def asking(self, request: HttpRequest, obj: Any, fieldsets: Iterable[Any]) -> list[Any]:
        """These fieldsets, with the reason behind them for whoever may write."""
        pages: Any = self
        asked: bool = pages.has_change_permission(request, obj) if obj else pages.has_add_permission(request)
        shown = [(name, _without_reason(options)) for name, options in fieldsets]
        return [*shown, ("For the audit", {"fields": (_FIELD,)})] if asked else shown


def _without_reason(options: Mapping[str, Any]) -> dict[str, Any]:
    return {**options, "fields": [name for name in options["fields"] if name != _FIELD]}
