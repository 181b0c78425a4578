"""Pages about people: signing in, one's own account, everybody, the roster."""
