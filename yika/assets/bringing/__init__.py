"""Lists of what is known of places and devices, from a file: their columns, and what they would change."""

from yika.assets.bringing.catalogue import (
    ATTRIBUTES,
    MERCHANTS,
    MODELS,
    PLACES,
    WantedAttribute,
    WantedModel,
    WantedPlace,
    planned_attributes,
    planned_merchants,
    planned_models,
    planned_places,
)
from yika.assets.bringing.details import DETAILS, WantedDetails, planned_details, told_values

__all__ = [
    "ATTRIBUTES",
    "DETAILS",
    "MERCHANTS",
    "MODELS",
    "PLACES",
    "WantedAttribute",
    "WantedDetails",
    "WantedModel",
    "WantedPlace",
    "planned_attributes",
    "planned_details",
    "planned_merchants",
    "planned_models",
    "planned_places",
    "told_values",
]
