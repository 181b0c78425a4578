"""Links, the graph of a moment, and what goes down with what."""

from yika.network.queries.diagrams import Asked, Diagram, draw_around, draw_backbone, draw_building, title_of
from yika.network.queries.graphs import forget, graph
from yika.network.queries.impacts import (
    affected,
    affected_keys,
    affected_page,
    affected_terminals,
    by_kind,
    causes,
    crowd_of,
    devices_of,
    down_because,
    impact_of,
    impact_of_carriers,
    level_of,
    roots_above,
)
from yika.network.queries.links import Around, Filters, around, links_for, past_links
from yika.network.queries.versions import changes, friday_version, last_friday, standing

__all__ = [
    "Around",
    "Asked",
    "Diagram",
    "Filters",
    "affected",
    "affected_keys",
    "affected_page",
    "affected_terminals",
    "around",
    "by_kind",
    "causes",
    "changes",
    "crowd_of",
    "devices_of",
    "down_because",
    "draw_around",
    "draw_backbone",
    "draw_building",
    "forget",
    "friday_version",
    "graph",
    "impact_of",
    "impact_of_carriers",
    "last_friday",
    "level_of",
    "links_for",
    "past_links",
    "roots_above",
    "standing",
    "title_of",
]
