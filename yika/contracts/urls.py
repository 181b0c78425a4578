"""Pages about contracts."""

from django.urls import path

from yika.contracts import views

app_name = "contracts"
urlpatterns = [
    path("contracts/", views.listing, name="list"),
    path("contracts/new/", views.new, name="new"),
    path("contracts/<int:pk>/", views.detail, name="detail"),
    path("contracts/<int:pk>/adopt/<int:version_pk>/", views.adopt, name="adopt"),
]
