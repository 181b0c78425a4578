"""Writing returns: opening, sending, receiving and testing, ending."""
