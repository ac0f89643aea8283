"""The yardstick of a plain application: FastAPI and the SQLAlchemy ORM as their tutorials show them.

It does: read the body into Pydantic models, refuse what does not fit them, write the same five rows through
a session (`add_all`, one commit), answer 201 with the reference through a response model.

It does not: know who is calling or ask whether they still stand, refuse a key given twice in a body or what
cannot be stored, look for findings, reckon by when an answer is owed, recognise a retry or a reference sent
before (its keys collide, and that is a 500), record who did it by a token, give ids to requests, or keep
figures and a log.
"""
