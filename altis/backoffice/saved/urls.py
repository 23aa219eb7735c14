"""Where saved filters are kept and deleted, behind the site's log-in."""

from django.contrib import admin
from django.urls import path

from altis.backoffice.saved import views

urlpatterns = [
    path("<str:page>/", admin.site.admin_view(views.keep), name="saved_filter_keep"),
    path("<int:key>/delete/", admin.site.admin_view(views.drop), name="saved_filter_drop"),
]
