"""`receipts health`: asks a running bot on this machine how it stands. Imports next to nothing, for it is run often."""

import json
from http.client import HTTPConnection, HTTPException

READY, NOT_READY, UNREACHABLE = 0, 1, 2

_SECONDS = 10.0
"""More than the bot waits for a disk; less than container runtimes wait for a health check."""


def ask_health(port: int) -> tuple[int, str]:
    """The exit status, and a line that says what it stands for."""
    connection = HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        standing = json.loads(answer.read())
        missing = dict(standing["missing"])
    except (OSError, HTTPException, ValueError, KeyError, TypeError) as error:
        return UNREACHABLE, f"Nothing on port {port} tells how it stands ({type(error).__name__})."
    finally:
        connection.close()
    if missing:
        return NOT_READY, "Not ready: " + "; ".join(f"{name}: {reason}" for name, reason in missing.items())
    return READY, "Ready."
