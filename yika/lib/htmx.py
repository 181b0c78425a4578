"""Answers to a page that htmx shortens the way for."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse


def wants_fragment(request: HttpRequest) -> bool:
    """True when htmx asks for a part of the page; a boosted link wants the page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def show(
    request: HttpRequest, page: str, fragment: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The fragment for htmx, the whole page (which includes the fragment) for everybody else."""
    answer = render(request, fragment if wants_fragment(request) else page, context, status=status)
    answer.headers["Vary"] = "HX-Request"
    return answer


def go(request: HttpRequest, to: str, *args: Any, **kwargs: Any) -> HttpResponse:
    """After an action: to another page, with or without htmx. ``to`` is a URL name."""
    url = reverse(to, args=args, kwargs=kwargs)
    if wants_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
