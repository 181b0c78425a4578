"""Returns to the factory."""

from django.urls import path

from yika.returns.views import acts, lists, page, writing

app_name = "returns"
urlpatterns = [
    path("returns/", lists.listed, name="list"),
    path("returns/export.<slug:form>", lists.export, name="export"),
    path("returns/tests/export.<slug:form>", lists.export_trials, name="export_trials"),
    path("returns/panel/device/", lists.panel_device, name="panel_device"),
    path("returns/panel/fault/", lists.panel_fault, name="panel_fault"),
    path("returns/panel/change/", lists.panel_change, name="panel_change"),
    path("returns/new/", writing.new, name="new"),
    path("returns/of-commitment/<int:pk>/", page.of_commitment, name="of_commitment"),
    path("returns/exemptions/<int:pk>/decide/", acts.decide_exemption, name="decide_exemption"),
    path("returns/exemptions/<int:pk>/evidence/", acts.evidence, name="evidence"),
    path("returns/<int:pk>/", page.page, name="page"),
    path("returns/<int:pk>/ask/", writing.ask_again, name="ask_again"),
    path("returns/<int:pk>/put-back/", writing.put_back, name="put_back"),
    path("returns/<int:pk>/<slug:verb>/", acts.act, name="act"),
]
