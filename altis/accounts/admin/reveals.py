"""Personal data in clear: a button that asks for the reason, and the page of who has seen what."""

from collections.abc import Callable
from typing import Any, ClassVar, cast

from django.contrib import admin
from django.contrib.admin.utils import quote, unquote
from django.db.models import Model
from django.forms import CharField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget

from altis.accounts.models import Reveal, User
from altis.accounts.roles import REVEAL
from altis.accounts.services.reveal import clear, reveal
from altis.shared.errors import AltisError
from altis.store.admin.buttons import button, dialog
from altis.store.admin.choices import one_of
from altis.store.admin.readonly import ReadOnlyAdmin, link_to, unbroken

_PAGES = {"order": "orders_order", "user": "accounts_user"}
# The reply to the dialog takes the whole dialog's place, not only that of its form.
_HEADERS = {
    "Cache-Control": "no-store",
    "HX-Retarget": "#dialog",
    "HX-Reselect": "#dialog",
    "HX-Reswap": "outerHTML",
}


class ReasonForm(BaseDialogForm):
    """Why somebody has to see personal data, in their own words. The site refuses card numbers in every form."""

    reason = CharField(
        min_length=10,
        max_length=200,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3, "autocomplete": "off"}),
        help_text="10 to 200 characters. It is kept with your name, and auditors read it.",
    )


DIALOG = dialog(
    "Reveal personal data?",
    "It is shown once, to you. Who asked, when and why is written down first, and stays.",
    ReasonForm,
    "Write it down and show",
)


class PersonalData(ModelAdmin):
    """For pages of rows with personal data: name `reveal_personal_data` in `actions_detail`."""

    def subject_of(self, row: Any) -> str:
        """The id of the person whose data it is."""
        raise NotImplementedError

    def personal_data(self, row: Any) -> list[tuple[str, str]]:
        """Names and values in clear; called once the reveal is written down."""
        raise NotImplementedError

    # Named by its method: unfold looks a dotted right up in the database, which is empty at the first migration.
    def has_reveal_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """A right of its own."""
        return bool(request.user.has_perm(REVEAL))

    @button("Reveal personal data", "reveal", icon="visibility", right="reveal", asks=DIALOG)
    def reveal_personal_data(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        """Write down who looks and why, then show it in the dialog, which no browser keeps."""
        return self.revealed(request, form, object_id, read=self.personal_data, template="accounts/revealed.html")

    def revealed(
        self, request: HttpRequest, form: ReasonForm, object_id: str, *, read: Callable[[Any], Any], template: str
    ) -> HttpResponse:
        """The template with the `facts` that `read` gives of the row, or the `refusal`, which no browser keeps."""
        row: Model | None = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        page = reverse(f"admin:{self._page}_change", args=[quote(row.pk)])
        text: dict[str, Any] = {"page": page, "dialog": {"title": "Personal data"}}
        try:
            text["facts"] = reveal(
                actor=cast(User, request.user),
                subject=self.subject_of(row),
                of=row,
                reason=form.cleaned_data["reason"],
                read=lambda: read(row),
            )
        except AltisError as refusal:
            text["refusal"] = refusal.detail
        reply = render(request, template, text)
        for name, value in _HEADERS.items():
            reply[name] = value
        return reply

    @property
    def _page(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}"


@admin.register(Reveal)
class RevealAdmin(ReadOnlyAdmin):
    """Who has seen whose data, newest first."""

    sortable_by = ("when",)
    list_display = ("when", "actor_link", "object_link", "subject_link")
    list_filter = (one_of("object_type", _PAGES), "at")
    search_fields = ("subject__exact", "actor__id__exact", "object_id__exact")
    search_help_text = "Id of the person, of the member of staff, or of the order"
    fieldsets: ClassVar = ((None, {"fields": (("when", "actor_link"), ("object_link", "subject_link"), "why")}),)

    @admin.display(description="At", ordering="at")
    def when(self, row: Reveal) -> SafeString:
        """To the second."""
        return unbroken(f"{row.at:%Y-%m-%d %H:%M:%S}")

    @admin.display(description="Seen by")
    def actor_link(self, row: Reveal) -> SafeString:
        """The member of staff."""
        return link_to("accounts_user", row.actor_id)

    @admin.display(description="What was open")
    def object_link(self, row: Reveal) -> SafeString:
        """The order, or the account; ids say which."""
        return link_to(_PAGES[row.object_type], row.object_id)

    @admin.display(description="Whose data")
    def subject_link(self, row: Reveal) -> SafeString:
        """The person."""
        return link_to("accounts_user", row.subject)

    @admin.display(description="Reason")
    def why(self, row: Reveal) -> str:
        """In the words of who has looked; gone when the person is erased."""
        return clear(row, "reason")
