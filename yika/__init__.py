"""Yika 一卡运维 keeps a university's campus-card service to its written quality standard."""

__version__ = "0.1.0"
