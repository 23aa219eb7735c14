"""Pages of lists that only ever grow: nobody counts them, and the thousandth page is as quick as the first."""

from typing import Any

from django.core.paginator import Page
from unfold import paginator as theme

_NEAR = 1000  # rows that are as quickly passed over whole


class InfinitePaginator(theme.InfinitePaginator):
    """The theme's own, which knows it by this name, and reads only the keys of the rows that it passes over."""

    def page(self, number: Any) -> Page[Any]:
        """The rows of this page; raises InvalidPage for what is no number of one."""
        first = (self.validate_number(number) - 1) * self.per_page
        if first < _NEAR:
            near: Page[Any] = super().page(number)
            return near
        rows = self.object_list
        keys = list(rows.values_list("pk", flat=True)[first : first + self.per_page])
        found: Page[Any] = self._get_page(rows.filter(pk__in=keys), self.validate_number(number), self)
        return found
