"""Every verb of ports, links and needs; the only writers."""

from yika.network.actions.linking import connect, disconnect, edit_port, remove_port, set_need

__all__ = ["connect", "disconnect", "edit_port", "remove_port", "set_need"]
