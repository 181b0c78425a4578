"""Pages of the journal."""

from django.urls import path

from yika.journal import views

app_name = "journal"
urlpatterns = [
    path("journal/", views.events, name="list"),
    path("journal/export.<slug:form>", views.export, name="export"),
    path("journal/copy/", views.copy, name="copy"),
]
