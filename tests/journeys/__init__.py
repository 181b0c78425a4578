"""What each kind of user is promised, proven in a real browser."""
