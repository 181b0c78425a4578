"""Every verb of ports, links and needs; the only writers."""

from yika.network.actions.imports import import_links
from yika.network.actions.linking import connect, disconnect, edit_port, remove_port, set_need
from yika.network.actions.versions import keep_snapshot

__all__ = ["connect", "disconnect", "edit_port", "import_links", "keep_snapshot", "remove_port", "set_need"]
