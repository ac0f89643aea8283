"""HTTP connections whose end is told as what it is, for every client of the hub."""

import importlib.util
import sys

import httpx

# The HTTP library looks for this module some ten times in each request. It is not among those installed, and
# to look for what is not there goes through every folder that modules are read from: a twentieth of all that
# a service does. Known to be missing, it is looked for no more; installed, it is left as it is.
if importlib.util.find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]


class Transport(httpx.AsyncHTTPTransport):
    """Carries requests, and says of a connection that was reset as soon as it stood that there is none.

    A server that dies leaves such connections. The library asks one for its peer's name and raises
    AttributeError (anyio 4.14 under uvloop), which callers would take for a fault of their own: an event
    would have used up a try, a partner would have got a 500.
    """

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer; raises httpx.TransportError where there is none."""
        try:
            return await super().handle_async_request(request)
        except AttributeError as error:
            raise httpx.ConnectError("The connection was reset at once.", request=request) from error
