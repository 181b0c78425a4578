"""Every verb of ports, links and needs; the only writers."""

from yika.network.actions.imports import import_links
from yika.network.actions.linking import connect, disconnect, edit_port, remove_port, set_need
from yika.network.actions.upstreams import moves_of, wanted_upstreams
from yika.network.actions.versions import keep_snapshot

__all__ = [
    "connect",
    "disconnect",
    "edit_port",
    "import_links",
    "keep_snapshot",
    "moves_of",
    "remove_port",
    "set_need",
    "wanted_upstreams",
]
