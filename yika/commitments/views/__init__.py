"""Pages about commitments, and their lists to take away."""
