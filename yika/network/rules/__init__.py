"""The graph of what hangs on what, and what a failure means. Pure."""

from yika.network.rules.graph import Edge, Fallen, Graph, Node
from yika.network.rules.impact import Impact, Share, down_because, impact
from yika.network.rules.links import (
    MOST_NEEDED,
    NOTE_LENGTH,
    PORT_LENGTH,
    SHARED,
    LinkRole,
    Medium,
    natural,
    port_taken,
)

__all__ = [
    "MOST_NEEDED",
    "NOTE_LENGTH",
    "PORT_LENGTH",
    "SHARED",
    "Edge",
    "Fallen",
    "Graph",
    "Impact",
    "LinkRole",
    "Medium",
    "Node",
    "Share",
    "down_because",
    "impact",
    "natural",
    "port_taken",
]
