"""The back-office's site."""

from typing import Any, NoReturn
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, include, path, reverse
from unfold.sites import UnfoldAdminSite

from altis.accounts.second_factor.selectors import Standing
from altis.backoffice.cards import View, without_cards
from altis.backoffice.second_factor import views


class AltisAdminSite(UnfoldAdminSite):
    """Where airline staff work."""

    site_title = "Altis Engine"
    site_header = "Altis Engine"
    index_title = "Back-office"

    def knows_password(self, request: HttpRequest) -> bool:
        """Whether this is a session of active staff, with or without their second factor."""
        return AdminSite.has_permission(self, request)

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether a session may enter any page: the one place that asks for the second factor.

        Who was let in is not asked again by the same request, which asks this three times for a page.
        """
        if not self.knows_password(request):
            return False
        user: Any = request.user
        if not getattr(user, "let_in", False):
            user.let_in = views.standing(request) is Standing.COMPLETE
        return bool(user.let_in)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The first step of a log-in; who has done it is sent on to the second."""
        if self.knows_password(request):
            wanted = views.standing(request)
            if wanted is Standing.NEEDS_CODE:
                following = {"next": request.GET.get("next") or reverse("admin:index")}
                return HttpResponseRedirect(f"{reverse('admin:second_factor_code')}?{urlencode(following)}")
            if wanted is Standing.NEEDS_SET_UP:
                return HttpResponseRedirect(reverse("admin:second_factor_set_up"))
        page: HttpResponse = super().login(request, extra_context)
        return page

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page knows; the colours come as a style sheet, since the policy refuses them inline."""
        return {**super().each_context(request), "colors": {}}

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The site's own pages before those of the models."""
        own: list[URLPattern | URLResolver] = [
            path("second-factor/", views.OwnPage.as_view(site=self), name="second_factor"),
            path("second-factor/code/", views.CodePage.as_view(site=self), name="second_factor_code"),
            path("second-factor/set-up/", views.SetUpPage.as_view(site=self), name="second_factor_set_up"),
            path("second-factor/leave/", views.leave, name="second_factor_leave"),
        ]
        # By name: those pages know the models' own, which register themselves at this site.
        own += [
            path("worklists/", include("altis.backoffice.worklists.urls")),
            path("invariants/", include("altis.backoffice.board.urls")),
        ]
        own += [
            path("catalog/bundle/preview/", include("altis.backoffice.bundle_urls")),
            path("saved-filters/", include("altis.backoffice.saved.urls")),
        ]
        return [*own, *super().get_urls()]

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """As Django has it, behind the refusal of card numbers."""
        guarded: View = super().admin_view(without_cards(view), cacheable)
        return guarded

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> NoReturn:
        """Not offered: the theme keeps its results as objects, which our cache, JSON only, cannot hold."""
        raise Http404
