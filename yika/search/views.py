"""The search page; the dialog of every page asks for its fragment."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from yika.lib.htmx import show
from yika.people.policies import person
from yika.search import queries


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """What a text finds: faults, devices, places, people and clauses."""
    text = request.GET.get("q", "").strip()[: queries.LONGEST]
    context = {
        "text": text,
        "enough": queries.enough(text),
        "groups": queries.results(person(request), text),
    }
    return show(request, "search/page.html", "search/_found.html", context)
