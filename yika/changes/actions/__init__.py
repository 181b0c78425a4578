"""Writing changes: proposing them, the Office's say, carrying them out."""
