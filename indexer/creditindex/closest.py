"""Names that are close to a text without containing it."""
