"""Access owns who may come in: agencies, their client systems and keys, staff, sessions, tokens.

It is the only issuer of tokens that the other services trust. It hears no events and says none: the others
ask it, over HTTP, whether a client or a session still stands.
"""
