"""What answers look like. The document is made of these; the tests hold every answer against them."""
