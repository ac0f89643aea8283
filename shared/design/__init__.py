"""The look that every page shown to staff shares: one layout, one style sheet, one set of safe headers."""
