from django.urls import path

from yika.search import views

app_name = "search"
urlpatterns = [path("search/", views.page, name="page")]
