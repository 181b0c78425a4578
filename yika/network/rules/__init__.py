"""The graph of what hangs on what, and what a failure means. Pure."""

from yika.network.rules.graph import Edge, Fallen, Graph, Node
from yika.network.rules.impact import Cause, Impact, Share, causes, down_because, impact
from yika.network.rules.layout import Box, Drawing, Wire, lay_out, shown_members
from yika.network.rules.links import (
    MOST_NEEDED,
    NOTE_LENGTH,
    PORT_LENGTH,
    SHARED,
    LinkRole,
    Medium,
    Upstream,
    natural,
    port_taken,
)
from yika.network.rules.sketch import Look, Shape, Sketch, backbone, building, look_of, surroundings

__all__ = [
    "MOST_NEEDED",
    "NOTE_LENGTH",
    "PORT_LENGTH",
    "SHARED",
    "Box",
    "Cause",
    "Drawing",
    "Edge",
    "Fallen",
    "Graph",
    "Impact",
    "LinkRole",
    "Look",
    "Medium",
    "Node",
    "Shape",
    "Share",
    "Sketch",
    "Upstream",
    "Wire",
    "backbone",
    "building",
    "causes",
    "down_because",
    "impact",
    "lay_out",
    "look_of",
    "natural",
    "port_taken",
    "shown_members",
    "surroundings",
]
