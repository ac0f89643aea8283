"""The console is what staff see: pages over the services' HTTP APIs, without a database or rules of its own.

Every page is asked for with the signed-in person's own token, so the services decide what it may show.
Hears no events and says none.
"""
