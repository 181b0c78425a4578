"""Answers with a file, for the views of its owners: they decide who may ask."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, HttpResponseNotModified
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _

from yika.files.models import StoredFile
from yika.files.queries import open_file


def respond(request: HttpRequest, stored: StoredFile, *, download: bool = False) -> HttpResponseBase:
    """The file: images in the page, everything else (or ``download``) as an attachment.

    Raises: Http404 when the disk has lost the bytes.
    """
    etag = quote_etag(stored.sha256)
    answer: HttpResponseBase
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        answer = HttpResponseNotModified()
    else:
        try:
            file = open_file(stored)
        except FileNotFoundError as error:
            raise Http404(_("文件已不存在")) from error
        shown = stored.content_type.startswith("image/") and not download
        answer = FileResponse(
            file, as_attachment=not shown, filename=stored.name, content_type=stored.content_type
        )
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = "private, max-age=3600"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
