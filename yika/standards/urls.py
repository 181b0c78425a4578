"""Pages about the standard."""

from django.urls import path

from yika.standards import views

app_name = "standards"
urlpatterns = [
    path("standard/", views.show, name="show"),
    path("standard/export.<slug:form>", views.export_clauses, name="export_clauses"),
    path("standard/load/", views.load, name="load"),
    path("standard/versions/", views.versions, name="versions"),
    path("standard/versions/<int:pk>/", views.one, name="version"),
    path("standard/versions/<int:pk>/source/", views.source, name="source"),
    path("standard/versions/<int:pk>/against/<int:with_pk>/", views.compare, name="compare"),
]
