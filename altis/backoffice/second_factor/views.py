"""The pages. Each says which sessions it admits; the others are sent to where they belong."""

from typing import Any, ClassVar, cast

import django_otp
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from altis.accounts.models import User
from altis.accounts.second_factor.codes import otpauth_uri
from altis.accounts.second_factor.selectors import Standing, is_enrolled, recovery_codes_left, standing_of
from altis.accounts.second_factor.services.enrol import begin_enrolment
from altis.accounts.second_factor.services.remove import remove_second_factor
from altis.backoffice.second_factor.forms import CodeForm, PasswordAndCodeForm, SetUpForm
from orders.drawing import draw


def standing(request: HttpRequest) -> Standing:
    """How far the session of a member of staff has come."""
    user: Any = request.user
    return standing_of(user, verified=user.is_verified())


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class _Page(FormView):  # type: ignore[type-arg]  # Django 5.2 cannot subscript it
    """A form of the second factor, for staff whose session is in one of the standings that it admits."""

    admits: ClassVar[set[Standing]]
    title: str
    site: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or the way to where this session belongs."""
        if not self.site.knows_password(request):
            return redirect("admin:login")
        if standing(request) not in self.admits:
            return redirect("admin:index")
        return super().dispatch(request, *args, **kwargs)

    @property
    def user(self) -> User:
        """Who is at the desk."""
        return cast("User", self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the user, whose code it must be."""
        return {**super().get_form_kwargs(), "user": self.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what every page of the site needs."""
        return {**self.site.each_context(self.request), "title": self.title, **super().get_context_data(**kwargs)}

    def let_in(self, form: CodeForm) -> None:
        """This session has given a code, under a new key: one that leaked before is worth nothing."""
        self.request.session.cycle_key()
        django_otp.login(self.request, form.device)


class CodePage(_Page):
    """The second step of a log-in."""

    admits = {Standing.NEEDS_CODE}
    title = "Second factor"
    template_name = "admin/second_factor/code.html"
    form_class = CodeForm

    def form_valid(self, form: CodeForm) -> HttpResponse:
        """On to the page that was wanted."""
        self.let_in(form)
        wanted = self.request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(wanted, {self.request.get_host()}, self.request.is_secure()):
            wanted = reverse("admin:index")
        return HttpResponseRedirect(wanted)


class SetUpPage(_Page):
    """A new authenticator: its picture, and the code that proves that the app has it."""

    admits = {Standing.NEEDS_SET_UP, Standing.COMPLETE}
    title = "Set up your second factor"
    template_name = "admin/second_factor/set_up.html"
    form_class = SetUpForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Not for who has one."""
        if self.site.knows_password(request) and is_enrolled(self.user):
            return redirect("admin:second_factor")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the secret, drawn and in letters."""
        secret = str(begin_enrolment(user=self.user).secret)
        picture = draw(otpauth_uri(secret, self.user.pk), symbology="qr", fmt="svg", min_width=200).decode()
        shown = mark_safe(picture)  # nosec B308 B703 # our own drawing: black squares, no text
        groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
        return super().get_context_data(picture=shown, groups=groups, **kwargs)

    def form_valid(self, form: CodeForm) -> HttpResponse:
        """The recovery codes, shown this once."""
        self.let_in(form)
        codes = cast("SetUpForm", form).recovery_codes
        context = {**self.site.each_context(self.request), "title": "Your recovery codes", "codes": codes}
        return render(self.request, "admin/second_factor/recovery_codes.html", context)


class OwnPage(_Page):
    """What the user has, and how to take it away."""

    admits = {Standing.COMPLETE}
    title = "Second factor"
    template_name = "admin/second_factor/own.html"
    form_class = PasswordAndCodeForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With how many recovery codes are left."""
        mine = {"enrolled": is_enrolled(self.user), "codes_left": recovery_codes_left(self.user)}
        return super().get_context_data(**mine, **kwargs)

    def form_valid(self, form: CodeForm) -> HttpResponse:
        """It is gone."""
        remove_second_factor(user=self.user, by=self.user.pk)
        messages.success(self.request, "Your second factor was removed.")
        return redirect("admin:index")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Log out from between the two steps, where the site's own way out is closed."""
    logout(request)
    return redirect("admin:login")
