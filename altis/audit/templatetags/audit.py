"""The question why something is deleted, for the theme's page that asks whether."""

from django import template
from django.forms import Form
from django.forms.boundfield import BoundField

register = template.Library()


@register.simple_tag
def reason_of_deletion() -> BoundField:
    """The list of reasons, as a field that the theme can draw; browsers ask for an answer."""
    from altis.store.admin.reasons import DELETED, reason_field  # noqa: PLC0415  the theme, while it is imported, reads us

    form = Form()
    form.fields["reason"] = reason_field(DELETED)
    form.fields["reason"].required = True
    return form["reason"]
