"""Pages that only refuse or break, to see what the middleware makes of it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from yika.config import urls
from yika.lib.decisions import BadInput, NotAllowed, WrongState

REFUSALS = {
    "not-allowed": NotAllowed("只有调度可以派单"),
    "wrong-state": WrongState("故障已由李四接单", "故障已合并"),
    "bad-input": BadInput("终端数不能为负"),
}


@login_not_required
def refuse(request: HttpRequest, kind: str) -> HttpResponse:
    raise REFUSALS[kind]


@login_not_required
def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose")


urlpatterns = [
    path("probe/fail/", fail),
    path("probe/<str:kind>/", refuse),
    path("", include(urls)),
]
handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)
