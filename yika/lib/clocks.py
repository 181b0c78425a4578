"""A limit as people read it: what is left and when it ends, or by how much it was missed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from yika.lib import text
from yika.lib.clock import campus, campus_date

SOON = timedelta(minutes=30)
SOON_SHARE = 0.2  # of the allowance, when it is known: the second warning of the ladder stands at 80 %


@dataclass(frozen=True)
class Face:
    """What a clock shows.

    ``state`` is none, open, soon, over, met or missed; a limit met on the second is met.
    """

    state: str
    main: str
    by: str = ""
    due_at: datetime | None = None
    soon_at: datetime | None = None

    @property
    def running(self) -> bool:
        """The text changes with the time."""
        return self.state in {"open", "soon", "over"}


def face(
    due_at: datetime | None,
    *,
    now: datetime,
    settled_at: datetime | None = None,
    started_at: datetime | None = None,
) -> Face:
    """The face of a limit at a moment. ``started_at`` makes "soon" a share of the whole allowance."""
    if due_at is None:
        return Face("none", _("不计时"))
    if settled_at is not None:
        done = _("%(time)s 完成") % {"time": near(settled_at, now)}
        if settled_at <= due_at:
            return Face("met", _("按时"), done, due_at)
        late = text.duration(int((settled_at - due_at).total_seconds()))
        return Face("missed", _("超时 %(duration)s") % {"duration": late}, done, due_at)
    left = int((due_at - now).total_seconds())
    by = _("%(time)s 到期") % {"time": near(due_at, now)}
    soon_at = due_at - ((due_at - started_at) * SOON_SHARE if started_at else SOON)
    state = "over" if left < 0 else "soon" if now >= soon_at else "open"
    return Face(state, text.remaining(left), by, due_at, soon_at)


def near(at: datetime, now: datetime) -> str:
    """10:42 on the same campus day, 明天 10:42 and 昨天 10:42 beside it, otherwise 11月25日 周三 10:42."""
    time = f"{campus(at):%H:%M}"
    days = (campus_date(at) - campus_date(now)).days
    if days == 0:
        return time
    if days == 1:
        return _("明天 %(time)s") % {"time": time}
    if days == -1:
        return _("昨天 %(time)s") % {"time": time}
    return text.moment(at)
