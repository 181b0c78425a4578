"""Reading contracts."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yika.contracts.models import Adoption, Contract
from yika.lib.clock import campus_date
from yika.lib.decisions import WrongState


def running(rows: QuerySet[Contract], at: datetime) -> QuerySet[Contract]:
    """Contracts whose period holds the campus day of a moment, the one begun last first."""
    return of_day(rows, campus_date(at))


def current(at: datetime) -> Contract:
    """The contract in force at a moment; the one begun last if there are several.

    Raises: WrongState when none is.
    """
    return given(running(whole(), at).first())


def whole() -> QuerySet[Contract]:
    """Contracts with their standard, without its text."""
    return Contract.objects.select_related("standard").defer("standard__source")


def of_day(rows: QuerySet[Contract], day: date) -> QuerySet[Contract]:
    """Contracts whose period holds a campus day, the one begun last first."""
    return rows.filter(starts_on__lte=day, ends_on__gte=day).order_by("-starts_on", "-id")


def given(contract: Contract | None) -> Contract:
    """The contract. Raises: WrongState when there is none."""
    if contract is None:
        raise WrongState(_("当前没有生效的合同，请由信息化办公室先登记合同"))
    return contract


def history(contract: Contract) -> list[Adoption]:
    """The versions a contract took up, the latest first."""
    return list(contract.adoptions.select_related("standard"))
