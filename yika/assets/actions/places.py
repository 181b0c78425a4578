"""Writing the place tree. Paths are derived from names, so every writer of the tree takes turns."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _
from django.utils.translation import override

from yika.assets.actions.words import index_places
from yika.assets.gate import NeedsConsent, Wanted, insist_free
from yika.assets.models import Device, Place, new_token
from yika.assets.policies import can_manage
from yika.assets.queries import subtree
from yika.assets.rules import (
    MAX_DEPTH,
    MOST_USERS,
    PATH_LENGTH,
    Door,
    PlaceKind,
    Problem,
    guess_kind,
    name_trouble,
    printable,
    tidy,
)
from yika.assets.sentences import worded
from yika.journal.actions import record
from yika.journal.rules import SystemActor
from yika.lib.decisions import BadInput, WrongState, insist, require
from yika.lib.locking import lock
from yika.people.models import User
from yika.people.rules import Side

MOST_NAMED = 20  # devices that a refused move of a place names


def lock_tree() -> None:
    """Keep every other writer of places out until the transaction ends."""
    list(Place.objects.filter(parent=None).order_by("pk").select_for_update(no_key=True))


@contextmanager
def first_come(problem: str, field: str) -> Iterator[None]:
    """A transaction in which somebody else taking the same name or number first is told as bad input."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise BadInput(problem, field=field) from error


def create_place(
    parent: Place | None,
    *,
    name: str,
    kind: PlaceKind | None = None,
    daily_users: int | None = None,
    by: User | SystemActor,
    at: datetime,
) -> Place:
    """Add a place below another, or at the top; its kind is guessed where none is given.

    Raises: BadInput for a bad or taken name.
    """
    require(can_manage(by))
    name = _checked(name)
    with first_come(_("此处已有同名地点"), "name"):
        lock_tree()
        parent = lock(parent) if parent else None
        full_name = _joined(parent, name)
        _insist_free(full_name)
        _insist_fits(full_name, [full_name])
        kind = kind or guess_kind(full_name)
        place = Place(parent=parent, name=name, full_name=full_name, kind=kind, daily_users=daily_users)
        place.save(force_insert=True)
        index_places([place])
        record("assets.create_place", ("place", place.pk), by=by, at=at, name=full_name)
    return place


def rename_place(place: Place, *, name: str, by: User | SystemActor, at: datetime) -> Place:
    """Give a place another name; everything below follows. Raises: BadInput for a bad or taken name."""
    require(can_manage(by))
    name = _checked(name)
    with first_come(_("此处已有同名地点"), "name"):
        lock_tree()
        row = lock(place)
        before = row.full_name
        if name != row.name:
            _replant(row, row.parent, name)
            record("assets.rename_place", ("place", row.pk), by=by, at=at, before=before, after=row.full_name)
    return row


def describe_place(
    place: Place, *, kind: PlaceKind, daily_users: int | None, by: User | SystemActor, at: datetime
) -> Place:
    """Say what a place is and how many use it on a usual day. Raises: BadInput for an impossible number."""
    require(can_manage(by))
    if not 0 <= (daily_users or 0) <= MOST_USERS:
        raise BadInput(_("请填写 0 至 %(most)d 之间的整数") % {"most": MOST_USERS}, field="daily_users")
    with transaction.atomic():
        row = lock(place)
        before = _described(row)
        row.kind, row.daily_users = kind, daily_users
        after = _described(row)
        changes = [f"{name} {old} → {after[name]}" for name, old in before.items() if old != after[name]]
        if changes:
            row.save(update_fields=["kind", "daily_users"])
            told = "；".join(changes)
            record("assets.describe_place", ("place", row.pk), by=by, at=at, name=row.full_name, changes=told)
    return row


def edit_place(
    place: Place,
    *,
    name: str,
    kind: PlaceKind,
    daily_users: int | None,
    by: User | SystemActor,
    at: datetime,
) -> Place:
    """Rename and describe a place, both or neither. Raises: BadInput for a bad or taken name, or number."""
    with transaction.atomic():
        rename_place(place, name=name, by=by, at=at)
        return describe_place(place, kind=kind, daily_users=daily_users, by=by, at=at)


def _described(row: Place) -> dict[str, str]:
    with override(settings.LANGUAGE_CODE):
        return {
            "类别": row.kind_word,
            "日常人数": str(row.daily_users if row.daily_users is not None else "（空）"),
        }


def move_place(
    place: Place, *, parent: Place | None, door: Door = Door.ACTION, by: User | SystemActor, at: datetime
) -> Place:
    """Hang a place under another, or at the top; everything below follows.

    The devices in use below move with it: for others than the Office that needs consent.
    Raises: WrongState below itself, BadInput where the name is taken, NeedsConsent.
    """
    require(can_manage(by))
    if not (isinstance(by, User) and by.side is Side.OFFICE) and parent != place.parent:
        with _told_who_may():
            insist_free(_moves(place, parent), door=door, by=by, at=at)
    with first_come(_("此处已有同名地点"), "parent"):
        lock_tree()
        row = lock(place)
        above = lock(parent) if parent else None
        if above and subtree(row).filter(pk=above.pk).exists():
            raise WrongState(_("不能把地点移到它自己或它的下级之中"))
        before = row.full_name
        if row.parent != above:
            _replant(row, above, row.name)
            record("assets.move_place", ("place", row.pk), by=by, at=at, before=before, after=row.full_name)
    return row


@contextmanager
def _told_who_may() -> Iterator[None]:
    """Says first who can do it, and offers no change: none moves a whole place. Raises: NeedsConsent."""
    try:
        yield
    except NeedsConsent as refusal:
        said = _("此处有在用设备，移动或合并地点须由信息化办公室办理；只移设备的，请逐台提出变更")
        raise NeedsConsent(said, *refusal.problems, wanted=[]) from refusal


def _moves(place: Place, parent: Place | None) -> list[Wanted]:
    """The devices in use that would move with a place, as far as a refusal can name them."""
    after = _joined(parent, place.name)
    devices = Device.objects.in_use().filter(place__in=subtree(place)).select_related("place")
    return [
        Wanted(one, "place", one.place.full_name, after + one.place.full_name[len(place.full_name) :])
        for one in devices.order_by("number")[:MOST_NAMED]
    ]


def merge_place(
    place: Place, *, into: Place, door: Door = Door.ACTION, by: User | SystemActor, at: datetime
) -> Place:
    """Two entries of one place become one: what stood at, hung below or was told of it is the other's.

    Everything that refers to it follows, past faults and stays too, for it was the same place all along. For
    others than the Office, devices in use below need consent, as when a place is moved.
    Raises: BadInput into itself, WrongState where one lies within the other or places below have the same
    name, NeedsConsent.
    """
    require(can_manage(by))
    if place.pk == into.pk:
        raise BadInput(_("不能并入它自己"), field="into")
    if not (isinstance(by, User) and by.side is Side.OFFICE):
        with _told_who_may():
            insist_free(_merges(place, into), door=door, by=by, at=at)
    with transaction.atomic():
        lock_tree()
        row, other = lock(place), lock(into)
        if subtree(row).filter(pk=other.pk).exists() or subtree(other).filter(pk=row.pk).exists():
            raise WrongState(_("两处地点有上下级关系，不能合并；请先移动"))
        names = row.children.values_list("name", flat=True)
        twice = sorted(other.children.filter(name__in=list(names)).values_list("name", flat=True))
        insist([_("两处都有下级地点“%(name)s”，请先合并它们") % {"name": name} for name in twice])
        for child in row.children.order_by("pk"):
            _replant(child, other, child.name)
        for relation in Place._meta.related_objects:
            name = relation.field.name
            if not relation.one_to_one and relation.related_model is not Place:
                relation.related_model._base_manager.filter(**{name: row}).update(**{name: other})
        record(
            "assets.merge_place",
            ("place", other.pk),
            by=by,
            at=at,
            before=row.full_name,
            after=other.full_name,
        )
        row.delete()
    return other


def _merges(place: Place, into: Place) -> list[Wanted]:
    """The devices in use that would then stand elsewhere by the record, as far as a refusal can name them."""
    devices = Device.objects.in_use().filter(place__in=subtree(place)).select_related("place")
    return [
        Wanted(
            one,
            "place",
            one.place.full_name,
            into.full_name + one.place.full_name[len(place.full_name) :],
            into.pk if one.place_id == place.pk else None,
        )
        for one in devices.order_by("number")[:MOST_NAMED]
    ]


def replace_place_label(place: Place, *, by: User | SystemActor, at: datetime) -> Place:
    """Give a place a new QR code; labels printed before stop working."""
    require(can_manage(by))
    with transaction.atomic():
        row = lock(place)
        row.token = new_token()
        row.save(update_fields=["token"])
        record("assets.replace_label", ("place", row.pk), by=by, at=at, name=row.full_name)
    return row


def _replant(row: Place, parent: Place | None, name: str) -> None:
    """Write the new path of a place and of everything below it. The tree is locked."""
    before, after = row.full_name, _joined(parent, name)
    _insist_free(after)
    moved = subtree(row)
    _insist_fits(after, [after + path[len(before) :] for path in moved.values_list("full_name", flat=True)])
    below = Place.objects.filter(pk__in=list(moved.values_list("pk", flat=True)))
    below.update(full_name=Concat(Value(after), Substr(F("full_name"), len(before) + 1)))
    row.parent, row.name, row.full_name = parent, name, after
    row.save(update_fields=["parent", "name", "full_name"])
    index_places(below)


def _checked(name: str) -> str:
    name = tidy(name)
    trouble = name_trouble(name)
    if trouble:
        said = _("请填写名称，名称中不能有斜杠") if not name or "/" in name else ""
        raise BadInput(said or worded(Problem(0, "", trouble, printable(name))), field="name")
    return name


def _joined(parent: Place | None, name: str) -> str:
    return f"{parent.full_name}/{name}" if parent else name


def _insist_free(full_name: str) -> None:
    if Place.objects.filter(full_name=full_name).exists():
        raise BadInput(_("已有地点“%(name)s”") % {"name": full_name}, field="name")


def _insist_fits(full_name: str, paths: list[str]) -> None:
    if max(path.count("/") for path in paths) >= MAX_DEPTH:
        raise BadInput(_("地点不能超过 %(depth)d 级") % {"depth": MAX_DEPTH}, field="name")
    if max(len(path) for path in paths) > PATH_LENGTH:
        raise BadInput(_("完整路径不能超过 %(length)d 个字") % {"length": PATH_LENGTH}, field="name")
