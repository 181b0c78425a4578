"""Entering contracts and putting them under versions of the standard. The only writers."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yika.contracts.models import Adoption, Contract
from yika.contracts.policies import can_adopt, can_create
from yika.journal.actions import record
from yika.lib.clock import campus_date
from yika.lib.decisions import BadInput, insist, require
from yika.lib.locking import lock
from yika.people.models import Organisation
from yika.people.policies import Doer
from yika.people.rules import Side
from yika.standards.actions import mark_adopted
from yika.standards.models import StandardVersion


def create(
    number: str,
    *,
    name: str,
    office: Organisation,
    vendor: Organisation,
    version: StandardVersion,
    starts_on: date,
    ends_on: date,
    by: Doer,
    at: datetime,
) -> Contract:
    """A new contract under a version of the standard.

    Raises: BadInput when the number is taken, the sides are mixed up or the period ends before it begins.
    """
    require(can_create(by))
    if office.side != Side.OFFICE or vendor.side != Side.VENDOR:
        raise BadInput(_("合同的一方须为校方，另一方须为运维服务供应商"))
    if ends_on < starts_on:
        raise BadInput(_("合同的结束日期早于开始日期"), field="ends_on")
    contract = Contract(
        number=number.strip(),
        name=name.strip(),
        office=office,
        vendor=vendor,
        standard=version,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    with transaction.atomic():
        try:
            with transaction.atomic():
                contract.save(force_insert=True)
        except IntegrityError as error:
            raise BadInput(_("合同编号已存在"), field="number") from error
        record(
            "contracts.create",
            ("contract", contract.pk),
            by=by,
            at=at,
            number=contract.number,
            name=contract.name,
            starts_on=starts_on.isoformat(),
            ends_on=ends_on.isoformat(),
            standard=str(version),
        )
        _take_up(contract, version, by=by, at=at)
    return contract


def adopt(contract: Contract, version: StandardVersion, *, by: Doer, at: datetime) -> Contract:
    """Put a contract under a version: faults reported from now on use it, existing ones keep theirs.

    Raises: WrongState when the contract has ended or runs under the version already.
    """
    require(can_adopt(by))
    with transaction.atomic():
        row = lock(contract)
        insist(adoption_problems(row, version, at))
        before = row.standard
        row.standard = version
        row.save(update_fields=["standard"])
        record(
            "contracts.adopt",
            ("contract", row.pk),
            by=by,
            at=at,
            standard=str(version),
            standard_id=version.pk,
            before=str(before),
            before_id=before.pk,
        )
        _take_up(row, version, by=by, at=at)
    return row


def adoption_problems(contract: Contract, version: StandardVersion, at: datetime) -> list[str]:
    """Why a contract cannot take up a version now; empty when it can."""
    problems: list[str] = []
    if contract.standard_id == version.pk:
        problems.append(_("合同已按该版本执行"))
    if campus_date(at) > contract.ends_on:
        problems.append(_("合同已到期"))
    return problems


def _take_up(contract: Contract, version: StandardVersion, *, by: Doer, at: datetime) -> None:
    Adoption.objects.create(contract=contract, standard=version, since_at=at, by_name=by.actor_name)
    mark_adopted(version, at=at)
