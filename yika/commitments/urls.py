"""Pages about commitments: what is due, whether it is kept, and the arithmetic of each."""

from django.urls import path

from yika.commitments import views

app_name = "commitments"
urlpatterns = [
    path("due/", views.due, name="due"),
    path("compliance/", views.compliance, name="compliance"),
    path("compliance/panel/clauses/", views.panel_clauses, name="panel_clauses"),
    path("commitments/", views.counted, name="list"),
    path("commitments/<int:pk>/", views.page, name="page"),
]
