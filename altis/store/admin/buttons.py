"""Buttons of a row's page that ask before they do anything: unfold's actions, typed and in one shape."""

from collections.abc import Callable
from typing import TypeVar, cast

from django.http import HttpResponse
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
