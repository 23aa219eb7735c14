"""Buttons of a row's page that ask before they do anything: unfold's actions, typed and in one shape.

With the right that each of them needs, and the way back to the page.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.dataclasses import ActionDialog
from unfold.decorators import action
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm

Method = TypeVar("Method", bound=Callable[..., HttpResponse])


def dialog(title: str, description: str, form: type[BaseDialogForm], submit: str) -> ActionDialog:
    """What a button asks: its words, the form, and what its own button says."""
    return ActionDialog(title=title, description=description, form_class=form, form_submit_text=submit)


def button(
    label: str, path: str, *, icon: str, right: str, asks: ActionDialog, danger: bool = False
) -> Callable[[Method], Method]:
    """A method of an admin as a button at `path` below a row's page, for whoever may see the row and has the `right`.

    The right is asked of the admin's `has_<right>_permission`. The method is called with the valid form of `asks`.
    """
    made = action(
        description=label,
        url_path=path,
        icon=icon,
        variant=ActionVariant.DANGER if danger else ActionVariant.DEFAULT,
        permissions=[right, "view"],
        dialog=asks,
    )
    # Unfold annotates its decorator with a description of what it makes, not with what it is.
    return cast("Callable[[Method], Method]", made)


def has_right(name: str) -> Callable[..., bool]:
    """A `has_<right>_permission` for an admin: whether the user has the right `name`, such as `orders.cancel_order`.

    Unfold asks by method: a dotted right it would look up in the database, which is empty at the first migration.
    """

    def has_permission(_admin: Any, request: HttpRequest, _object_id: Any = None) -> bool:
        return bool(request.user.has_perm(name))

    return has_permission


def back_to(request: HttpRequest, page: str) -> HttpResponse:
    """What a carried out dialog answers: the way to the address `page`."""
    if "HX-Request" not in request.headers:
        return HttpResponseRedirect(page)
    # The dialog was sent by htmx, which follows this header with the whole page; a redirect it would follow unseen.
    return HttpResponse(headers={"HX-Redirect": page})
