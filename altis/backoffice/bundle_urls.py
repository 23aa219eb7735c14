"""Where the preview of a bundle is asked for; under the admin site's own names."""

from django.contrib import admin
from django.urls import path

from altis.backoffice.bundle_preview import preview

urlpatterns = [path("", admin.site.admin_view(preview), name="bundle_preview")]
