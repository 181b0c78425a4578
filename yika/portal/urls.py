"""The pages of the frame itself."""

from django.urls import path

from yika.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("wall/", views.wall, name="wall"),
    path("status/", views.status, name="status"),
    path("health", views.health, name="health"),
    path("health/worker", views.health_worker, name="health_worker"),
    path("language/", views.language, name="language"),
    path("theme/", views.theme, name="theme"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("keys/", views.keys, name="keys"),
]
