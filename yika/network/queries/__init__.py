"""Links, the graph of a moment, and what goes down with what."""

from yika.network.queries.graphs import forget, graph
from yika.network.queries.impacts import (
    affected,
    affected_page,
    affected_terminals,
    by_kind,
    crowd_of,
    down_because,
    impact_of,
    level_of,
    roots_above,
)
from yika.network.queries.links import Around, Filters, around, links_for, past_links

__all__ = [
    "Around",
    "Filters",
    "affected",
    "affected_page",
    "affected_terminals",
    "around",
    "by_kind",
    "crowd_of",
    "down_because",
    "forget",
    "graph",
    "impact_of",
    "level_of",
    "links_for",
    "past_links",
    "roots_above",
]
