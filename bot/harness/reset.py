"""Breaking a connection in the way that a network does: with a reset and without a word."""

import socket
import struct

from aiohttp import web

_LINGER_NOT_AT_ALL = struct.pack("ii", 1, 0)


def reset_connection(request: web.Request) -> None:
    """Reset the connection of a request: the other side sees `ECONNRESET`."""
    transport = request.transport
    if transport is None:
        return
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT_AT_ALL)
    transport.abort()
