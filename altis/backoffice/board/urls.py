"""Where the first page's own lists are, behind the site's log-in."""

from django.contrib import admin
from django.urls import path

from altis.backoffice.board import views

urlpatterns = [path("", admin.site.admin_view(views.invariants), name="invariants")]
