"""Nobody writes a controlled value past the gate: every function that could is named here. Source: 4.1.4."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

YIKA = Path(__file__).parents[2] / "yika"
KEEPERS = ("assets", "network", "addresses", "configurations")
WRITES = {
    "save", "create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create",
    "insert", "write",
}  # fmt: skip
MODELS = {"Device", "Link", "Address", "AddressChange", "ConfigurationRecord", "Version", "Place"}

# Writers in the apps that keep controlled values, beside those that ask the gate themselves.
HANDS = {
    "assets.actions.devices.set_life",
    "assets.actions.imports._change_devices",
    "assets.actions.imports._create_devices",
    "assets.actions.imports._apply",
    "assets.actions.places._replant",
    "network.actions.making.make_link",
    "network.actions.making.end_link",
    "network.actions.upstreams.set_upstreams",
    "addresses.actions.holding.hold",
    "addresses.actions.holding.let_go",
    "addresses.actions.holding._tell",
    "configurations.actions.begin",
    "configurations.actions.take_back",
    "configurations.actions.write",
}
"""Inner hands: called only by what asks the gate, by the doors, and by each other."""

FREE = {
    "assets.actions.devices.create_device": "a device is recorded for the first time",
    "assets.actions.devices.replace_device_label": "a label is not controlled",
    "assets.actions.imports._create_places": "places are recorded for the first time",
    "assets.actions.places.create_place": "a place is recorded for the first time",
    "assets.actions.places.describe_place": "kind and daily users of a place are not controlled",
    "assets.actions.places.rename_place": "a place is named anew; nothing is moved",
    "assets.actions.places.replace_place_label": "a label is not controlled",
    "network.actions.linking.remove_port": "only a port without a link goes",
    "addresses.actions.holding.reserve_next": "reserved for no device",
    "addresses.actions.holding.describe": "purposes are not controlled",
    "addresses.actions.bringing.import_subnets": "addresses keep their devices",
    "addresses.actions.subnets.add_subnet": "addresses keep their devices",
    "addresses.actions.subnets.edit_subnet": "addresses keep their devices",
    "addresses.actions.subnets.remove_subnet": "addresses keep their devices",
    "addresses.actions.vlans.rename_vlan": "a VLAN is no device's",
    "addresses.actions.vlans.remove_vlan": "a VLAN is no device's",
    "assets.actions.attaching.*": "files are not controlled",
    "assets.actions.catalogue.*": "kinds, models and merchants; of parameters only what devices do not have",
    "assets.gate.held": "a device in memory, to ask about",
    # only of units that serve nowhere
    "returns.actions.shipping.finish": "from the factory into stock",
    "returns.actions.ending.cancel": "taken out with consent already, into stock",
    "returns.actions.ending.write_off": "from the factory, scrapped by the Office",
}
"""Writers without the gate, and why each needs none."""


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def named(path: Path) -> str:
    parts = path.relative_to(YIKA).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def functions(app: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in sorted((YIKA / app).rglob("*.py")):
        if "migrations" not in path.parts:
            for node in ast.walk(tree(path)):
                if isinstance(node, ast.FunctionDef):
                    yield f"{named(path)}.{node.name}", node


def calls(function: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            called = node.func
            yield (called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")), node


def roots(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def writes(function: ast.FunctionDef, *, rows: bool) -> bool:
    """Whether it makes or saves what may be controlled; ``rows``: also what is only called a row."""
    names = MODELS | ({"row"} if rows else set())
    return any(
        name in MODELS or (name in WRITES and roots(call.func) & names) for name, call in calls(function)
    )


def gated(function: ast.FunctionDef) -> bool:
    return any(name == "insist_free" for name, _call in calls(function))


def allowed(name: str, function: ast.FunctionDef) -> bool:
    module = f"{name.rpartition('.')[0]}.*"
    return gated(function) or bool({name, module} & (HANDS | FREE.keys())) or ".consented." in name


def apps() -> list[str]:
    return sorted(path.parent.name for path in YIKA.glob("*/apps.py"))


def test_every_writer_asks_the_gate_or_is_named_with_its_reason() -> None:
    strange = [
        name
        for app in apps()
        for name, function in functions(app)
        if writes(function, rows=app in KEEPERS) and not allowed(name, function)
    ]
    assert not strange, f"ask assets.gate.insist_free, or name them with a reason: {strange}"


def test_the_inner_hands_are_called_by_nobody_else() -> None:
    found: dict[str, list[str]] = {}
    for app in apps():
        for name, function in functions(app):
            module = name.rpartition(".")[0]
            for hand in HANDS:
                home, _dot, short = hand.rpartition(".")
                known = module == home or short in imported(module, home)
                called = known and short in {word for word, _call in calls(function)}
                if called and not allowed(name, function):
                    found.setdefault(hand, []).append(name)
    assert not found


@cache
def imported(module: str, home: str) -> set[str]:
    """What a module takes out of another."""
    path = YIKA.joinpath(*module.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return {
        alias.asname or alias.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module == f"yika.{home}"
        for alias in node.names
    }


def test_everything_named_here_is_there_and_writes() -> None:
    there = {name for app in apps() for name, _function in functions(app)}
    there |= {f"{name.rpartition('.')[0]}.*" for name in there}
    assert not (HANDS | FREE.keys()) - there
