"""Files that office programs read and write."""
