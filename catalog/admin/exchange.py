"""Import and export of the catalog: a dry run with the faults of each row, then all rows or none."""

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from import_export.admin import ImportExportMixin
from import_export.forms import ConfirmImportForm
from unfold.contrib.import_export.forms import ExportForm, ImportForm

from altis.store.admin.reasons import reason_field
from catalog.admin.prices import REASONS
from catalog.admin.tables import FORMATS, MOST_BYTES, BetweenPages, Unreadable

_LOOK = {"all": ("backoffice/exchange.css",)}
_AGAIN = "This import cannot be confirmed any more. Choose the file again."


class FileForm(ImportForm):
    """The file and its format."""

    class Media:
        css: ClassVar = _LOOK

    def clean_import_file(self) -> Any:
        """Refuse a file that is too large to be a catalog."""
        file = self.cleaned_data["import_file"]
        if file.size > MOST_BYTES:
            raise ValidationError(f"The file has more than {MOST_BYTES // 1024 // 1024} MB.", code="too_large")
        return file


class ConfirmForm(ConfirmImportForm):
    """What the dry run has shown, and why it is imported."""

    reason = reason_field(REASONS)

    class Media:
        css: ClassVar = _LOOK

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As ever; the reason is wanted."""
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True

    def clean_format(self) -> str:
        """One of ours."""
        return self._number("format", len(FORMATS))

    def clean_resource(self) -> str:
        """A number; which there are, the page knows."""
        return self._number("resource", 10) if self.cleaned_data.get("resource") else "0"

    def _number(self, name: str, below: int) -> str:
        text = str(self.cleaned_data[name])
        if not (text.isascii() and text.isdigit() and int(text) < below):
            raise ValidationError(_AGAIN, code="unknown")
        return text


class Exchange(ImportExportMixin):
    """Mixed into a page before its ModelAdmin; `resource_classes` say what a row is."""

    formats: ClassVar = list(FORMATS)
    import_formats: ClassVar = list(FORMATS)
    export_formats: ClassVar = list(FORMATS)
    import_form_class = FileForm
    confirm_form_class = ConfirmForm
    export_form_class = ExportForm
    tmp_storage_class = BetweenPages
    resource_classes: ClassVar[tuple[type, ...]] = ()

    def get_import_resource_classes(self, request: HttpRequest) -> list[type]:
        """Those whose rows this user may both add and change."""
        return [resource for resource in self.resource_classes if _may_write(request, resource)]

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Whether there is any."""
        return bool(self.get_import_resource_classes(request))

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        """Say what to do, at the field of the file."""
        form.add_error("import_file", str(e if isinstance(e, Unreadable) else Unreadable()))

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Whoever sees the page."""
        return bool(self.has_view_permission(request))

    @method_decorator(require_POST)
    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Import what was confirmed; a form that was tampered with, or is too old, leads back to the first step."""
        form = ConfirmForm(request.POST)
        known = form.is_valid() and int(form.cleaned_data["resource"]) < len(self.get_import_resource_classes(request))
        if self.has_import_permission(request) and not (known and _is_kept(form)):
            messages.error(request, " ".join([*form.errors.get("reason", ()), _AGAIN]))
            return HttpResponseRedirect(reverse(f"admin:{self._page}_import"))
        reply: HttpResponse = super().process_import(request, **kwargs)
        return reply

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """The choice of a format, or the file; a filter that means nothing is left out."""
        try:
            reply: HttpResponse = super().export_action(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(request.path)
        return reply

    def process_dataset(self, dataset: Any, form: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """All rows or none: what has become wrong since the dry run leaves nothing."""
        return super().process_dataset(dataset, form, request, rollback_on_validation_errors=True, **kwargs)

    def process_result(self, result: Any, request: HttpRequest) -> HttpResponse:
        """Back to the list, or to the first step when a row was refused after all."""
        if result.has_errors() or result.has_validation_errors():
            messages.error(request, "Nothing was imported: the catalog has changed since the dry run. Try it again.")
            return HttpResponseRedirect(reverse(f"admin:{self._page}_import"))
        reply: HttpResponse = super().process_result(result, request)
        return reply

    def _create_log_entry(self, user_pk: Any, rows: list[Any], import_type: str, action_flag: int) -> None:
        LogEntry.objects.log_actions(user_pk, rows, action_flag, "Imported")

    @property
    def _page(self) -> str:
        return "_".join(self.get_model_info())


def _may_write(request: HttpRequest, resource: Any) -> bool:
    meta = resource._meta.model._meta
    return all(request.user.has_perm(f"{meta.app_label}.{act}_{meta.model_name}") for act in ("add", "change"))


def _is_kept(form: ConfirmForm) -> bool:
    """Whether the file can still be read as what it is said to be."""
    try:
        data = BetweenPages(name=form.cleaned_data["import_file_name"]).read()
        FORMATS[int(form.cleaned_data["format"])]().create_dataset(data)
    except Exception:  # whatever a broken file raises in three libraries
        return False
    return True
