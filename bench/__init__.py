"""How fast Yika is, measured on simulated campuses: ``make bench``."""
