"""What tests of every folder share: the cast, the throw-away server."""
