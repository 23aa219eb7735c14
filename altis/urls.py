"""Where everything is: each app mounts the doors of the work that it does.

Django tries one path after the other, so what is asked most and hurried most comes first.
"""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("orders.api.urls")),
    path("", include("payments.api.urls")),
    path("", include("offers.api.urls")),
    path("", include("catalog.api.urls")),
    path("", include("altis.api.auth_urls")),
    path("", include("altis.api.health_urls")),
    path("admin/", admin.site.urls),
    path("", include("altis.api.urls")),
    path("", include("altis.shop.urls")),
]
handler400 = "altis.shop.error_views.bad_request"
handler403 = "altis.shop.error_views.forbidden"
handler404 = "altis.shop.error_views.not_found"
handler500 = "altis.shop.error_views.broken"
