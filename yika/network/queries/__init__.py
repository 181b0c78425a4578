"""Links, the graph of a moment, and what goes down with what."""

from yika.network.queries.graphs import (
    affected_terminals,
    crowd_of,
    down_because,
    forget,
    graph,
    impact_of,
    roots_above,
)
from yika.network.queries.links import Around, Filters, around, links_for, past_links

__all__ = [
    "Around",
    "Filters",
    "affected_terminals",
    "around",
    "crowd_of",
    "down_because",
    "forget",
    "graph",
    "impact_of",
    "links_for",
    "past_links",
    "roots_above",
]
