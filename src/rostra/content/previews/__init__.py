"""Other people's pages: which address is which document, what it says of itself, its text. Pure."""
