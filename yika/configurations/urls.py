"""Configurations and their versions."""

from django.urls import path

from yika.configurations import views

app_name = "configurations"
urlpatterns = [
    path("configurations/", views.listed, name="list"),
    path("configurations/export.<slug:form>", views.export, name="export"),
    path("configurations/new/", views.new, name="new"),
    path("configurations/panel/device/", views.panel, name="panel_device"),
    path("configurations/<int:pk>/", views.record, name="record"),
    path("configurations/<int:pk>/new/", views.add_version, name="add_version"),
    path("configurations/<int:pk>/diff/", views.diff, name="diff"),
    path("configurations/<int:pk>/<int:n>.txt", views.download, name="download"),
]
