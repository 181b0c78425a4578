"""Pages of faults: the desk's, the technician's, the Office's and the public's."""

from django.urls import path

from yika.faults.views import desk, office, phone, public, verbs

app_name = "faults"
urlpatterns = [
    path("board/", desk.board, name="board"),
    path("faults/", desk.listing, name="list"),
    path("faults/new/", desk.new, name="new"),
    path("faults/panel/device/", desk.panel_device, name="panel_device"),
    path("faults/panel/place/", desk.panel_place, name="panel_place"),
    path("faults/of-commitment/<int:pk>/", desk.of_commitment, name="of_commitment"),
    path("faults/photos/<int:pk>/", verbs.photo, name="photo"),
    path("faults/<int:pk>/", desk.fault_page, name="page"),
    path("faults/<int:pk>/move/<slug:verb>/", verbs.move, name="move"),
    path("faults/<int:pk>/send/", verbs.send, name="send"),
    path("faults/<int:pk>/arrive/<str:token>/", verbs.arrive_scanned, name="arrive_scanned"),
    path("faults/<int:pk>/merge/", verbs.merge, name="merge"),
    path("faults/<int:pk>/classify/", verbs.classify, name="classify"),
    path("faults/<int:pk>/feedback/", verbs.feedback, name="feedback"),
    path("faults/<int:pk>/log/", verbs.log, name="log"),
    path("faults/<int:pk>/photos/", verbs.add_photo, name="add_photo"),
    path("faults/<int:pk>/special/", verbs.propose_special, name="propose_special"),
    path("faults/<int:pk>/factory/", verbs.ask_factory, name="ask_factory"),
    path("faults/<int:pk>/exemptions/", verbs.claim_exemption, name="claim_exemption"),
    path("faults/<int:pk>/reveal/<int:report>/", verbs.reveal, name="reveal"),
    path("faults/<int:pk>/special-ruling/", office.rule_special, name="rule_special"),
    path("faults/<int:pk>/outcome/<int:commitment>/", office.rule_outcome, name="rule_outcome"),
    path("rulings/", office.rulings, name="rulings"),
    path("rulings/<int:pk>/decide/", office.decide, name="decide"),
    path("rulings/<int:pk>/evidence/", office.evidence, name="evidence"),
    path("exemptions/<int:pk>/decide/", office.decide_exemption, name="decide_exemption"),
    path("exemptions/<int:pk>/evidence/", office.exemption_evidence, name="exemption_evidence"),
    path("complaints/", office.complaints, name="complaints"),
    path("complaints/<int:pk>/", office.complaint, name="complaint"),
    path("my/", phone.my_work, name="my_work"),
    path("my/<int:pk>/", phone.work, name="work"),
    path("r/", public.start, name="report"),
    path("r/d/<str:token>/", public.report_device, name="report_device"),
    path("r/p/<str:token>/", public.report_place, name="report_place"),
    path("t/<str:secret>/", public.progress, name="progress"),
    path("t/<str:secret>/rate/", public.rate, name="rate"),
    path("t/<str:secret>/complain/", public.complain, name="complain"),
    path("t/<str:secret>/still-broken/", public.still_broken, name="still_broken"),
    path("t/<str:secret>/photos/<int:pk>/", public.own_photo, name="own_photo"),
]
