"""What a member of staff types: a code, and for a change of the second factor the password again."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from altis.accounts.credentials import checked_user
from altis.accounts.errors import TooManyAttempts
from altis.accounts.models import User
from altis.accounts.second_factor.errors import NotEnrolled, TooSoon, WrongCode
from altis.accounts.second_factor.models import Authenticator
from altis.accounts.second_factor.services.enrol import confirm_enrolment
from altis.accounts.second_factor.services.verify import verify_code

_WORDS = {
    WrongCode: "This is not a code of now. Wait for the next one and try again.",
    TooSoon: "Too many wrong codes. Wait a moment, then try again.",
    NotEnrolled: "Your second factor was removed. Log in again.",
}


class CodeForm(forms.Form):
    """A code of the app, or a recovery code. `device` is the authenticator once it is valid."""

    code = forms.CharField(
        label="Code",
        max_length=32,
        help_text="Six digits from your authenticator app, or one of your recovery codes",
        widget=UnfoldAdminTextInputWidget(
            attrs={"autocomplete": "one-time-code", "autofocus": "", "spellcheck": "false"}
        ),
    )
    device: Authenticator

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        """Check the code last, since checking uses it up."""
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        try:
            self.accept(data["code"])
        except (WrongCode, TooSoon, NotEnrolled) as refused:
            raise forms.ValidationError({"code": _WORDS[type(refused)]}) from refused
        return data

    def accept(self, code: str) -> None:
        """Use the code; raises a SecondFactorRefused."""
        self.device = verify_code(user=self.user, code=code)


class PasswordAndCodeForm(CodeForm):
    """A stolen session alone must not change the second factor, so the password is asked for again."""

    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=128,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "current-password", "autofocus": ""}),
    )
    field_order = ("password", "code")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        del self.fields["code"].widget.attrs["autofocus"]  # the password comes first

    def clean_password(self) -> str:
        """The present password."""
        password = str(self.cleaned_data["password"])
        try:
            right = checked_user(str(self.user.email), password)
        except TooManyAttempts as refused:
            raise forms.ValidationError("Too many wrong passwords. Wait a moment, then try again.") from refused
        if right is None:
            raise forms.ValidationError("This is not your password.")
        return password


class SetUpForm(PasswordAndCodeForm):
    """The first code of a new authenticator. `recovery_codes` are there once it is valid."""

    recovery_codes: list[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "The six digits that the app shows now"

    def accept(self, code: str) -> None:
        """Put the authenticator in force."""
        self.device, self.recovery_codes = confirm_enrolment(user=self.user, code=code.replace(" ", ""))
