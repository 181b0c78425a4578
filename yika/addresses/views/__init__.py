"""Subnets, addresses, VLANs, the update table and what cannot be right, as pages."""
