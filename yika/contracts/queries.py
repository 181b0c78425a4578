"""Reading contracts."""

from datetime import datetime

from django.db.models import Exists, QuerySet
from django.utils.translation import gettext as _

from yika.contracts.models import Adoption, Contract
from yika.lib.clock import campus_date
from yika.lib.decisions import WrongState


def running(rows: QuerySet[Contract], at: datetime) -> QuerySet[Contract]:
    """Contracts whose period holds the campus day of a moment, the one begun last first."""
    day = campus_date(at)
    return rows.filter(starts_on__lte=day, ends_on__gte=day).order_by("-starts_on", "-id")


def current(at: datetime, **also: Exists) -> Contract:
    """The contract in force at a moment; the one begun last if there are several.

    ``also`` is asked in the same query, and stands on the contract under its name.
    Raises: WrongState when none is.
    """
    rows = Contract.objects.select_related("standard").defer("standard__source")
    contract = running(rows.annotate(**also) if also else rows, at).first()
    if contract is None:
        raise WrongState(_("当前没有生效的合同，请由信息化办公室先登记合同"))
    return contract


def history(contract: Contract) -> list[Adoption]:
    """The versions a contract took up, the latest first."""
    return list(contract.adoptions.select_related("standard"))
