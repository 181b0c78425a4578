"""Changes, what the Office sets beforehand, what is found different."""

from django.urls import path

from yika.changes.views import acts, differences, lists, page, planning, writing

app_name = "changes"
urlpatterns = [
    path("changes/", lists.listed, name="list"),
    path("changes/export.<slug:form>", lists.export, name="export"),
    path("changes/tests/export.<slug:form>", lists.export_trials, name="export_trials"),
    path("changes/calendar/", lists.calendar, name="calendar"),
    path("changes/panel/device/", lists.panel_device, name="panel_device"),
    path("changes/new/", writing.new, name="new"),
    path("changes/swap/", writing.swap, name="swap"),
    path("changes/plan/", planning.plan, name="plan"),
    path("changes/plan/pattern/", planning.approve_pattern, name="approve_pattern"),
    path("changes/plan/pattern/<int:pk>/end/", planning.end_pattern, name="end_pattern"),
    path("changes/plan/blackouts/import/", planning.bring_blackouts, name="bring_blackouts"),
    path("changes/plan/blackouts/export.<slug:form>", planning.export_blackouts, name="export_blackouts"),
    path("changes/plan/blackout/", planning.add_blackout, name="add_blackout"),
    path("changes/plan/blackout/<int:pk>/remove/", planning.remove_blackout, name="remove_blackout"),
    path("changes/refused/", lists.refused, name="refused"),
    path("changes/refused/export.<slug:form>", lists.export_refused, name="export_refused"),
    path("changes/from-refused/", writing.from_refused, name="from_refused"),
    path("changes/from-import/", writing.from_import, name="from_import"),
    path("changes/differences/", differences.listed, name="differences"),
    path("changes/differences/export.<slug:form>", differences.export, name="export_differences"),
    path("changes/differences/new/", differences.note, name="note"),
    path("changes/differences/<int:pk>/photo/", differences.photo, name="photo"),
    path("changes/differences/<int:pk>/propose/", differences.propose, name="propose"),
    path("changes/of-commitment/<int:pk>/", page.of_commitment, name="of_commitment"),
    path("changes/<int:pk>/", page.page, name="page"),
    path("changes/<int:pk>/edit/", writing.edit, name="edit"),
    path("changes/<int:pk>/lines/", writing.add_line, name="add_line"),
    path("changes/lines/<int:pk>/remove/", writing.remove_line, name="remove_line"),
    path("changes/<int:pk>/pattern/", acts.use_pattern, name="use_pattern"),
    path("changes/<int:pk>/again/", writing.again, name="again"),
    path("changes/<int:pk>/<slug:verb>/", acts.act, name="act"),
]
