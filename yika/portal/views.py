"""Home, status, errors."""

from django.http import HttpRequest, HttpResponse


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came without a valid token."""
    return HttpResponse(status=403)
