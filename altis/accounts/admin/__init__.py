"""People, groups and reveals in the back-office."""

from django.contrib import admin
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from altis.accounts.admin.groups import StaffGroupAdmin
from altis.accounts.admin.people import UserAdmin
from altis.accounts.admin.reveals import RevealAdmin

__all__ = ["RevealAdmin", "StaffGroupAdmin", "UserAdmin"]

# Sessions of customers are nobody's business.
for _model in (OutstandingToken, BlacklistedToken):
    admin.site.unregister(_model)
