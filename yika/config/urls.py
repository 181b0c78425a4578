"""Every app's pages in one table. An app writes its whole paths itself."""

import importlib.util

from django.urls import URLPattern, URLResolver, include, path

APPS = (  # tried in this order, so what is asked most comes first
    "faults",
    "api",
    "portal",
    "people",
    "files",
    "notices",
    "calendars",
    "standards",
    "contracts",
    "commitments",
    "assets",
    "addresses",
    "configurations",
    "network",
    "changes",
    "returns",
    "journal",
    "worker",
    "search",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"yika.{app}.urls")) for app in APPS if importlib.util.find_spec(f"yika.{app}.urls")
]
handler400 = "yika.portal.views.bad_request"
handler403 = "yika.portal.views.forbidden"
handler404 = "yika.portal.views.not_found"
handler500 = "yika.portal.views.failed"
