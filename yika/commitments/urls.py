"""Pages about commitments: what is due, whether it is kept, and the arithmetic of each."""

from django.urls import path

from yika.commitments.views import exports, pages

app_name = "commitments"
urlpatterns = [
    path("due/", pages.due, name="due"),
    path("compliance/", pages.compliance, name="compliance"),
    path("due/export.<slug:form>", exports.export_due, name="export_due"),
    path("compliance/export.<slug:form>", exports.export_compliance, name="export_compliance"),
    path("commitments/export.<slug:form>", exports.export_counted, name="export_list"),
    path("compliance/panel/clauses/", pages.panel_clauses, name="panel_clauses"),
    path("commitments/", pages.counted, name="list"),
    path("commitments/<int:pk>/", pages.page, name="page"),
]
