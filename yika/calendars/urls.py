"""Pages about the days table."""

from django.urls import path

from yika.calendars import views

app_name = "calendars"
urlpatterns = [
    path("calendar/", views.days, name="days"),
    path("calendar/export.<slug:form>", views.export, name="export"),
    path("calendar/add/", views.add, name="add"),
    path("calendar/bring/", views.bring, name="import_days"),
    path("calendar/import/", views.fill, name="import"),
    path("calendar/<int:pk>/remove/", views.remove, name="remove"),
]
