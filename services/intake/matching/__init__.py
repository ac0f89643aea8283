"""Whether two descriptions are of one person: pure rules and figures, nothing stored and nobody told.

`person` reads a description, `keys` fetch those worth comparing, `comparing` says what agrees, `weights` and
`scoring` what that is worth, `deciding` what may be done on it, `explaining` why in words.
"""
