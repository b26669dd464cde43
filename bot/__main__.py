"""The `receipts` command, also as `python -m bot`."""

import io
import sys

from bot.cli import app


def main() -> None:
    """Run the command. Characters that a terminal cannot show are replaced, never an error."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    app()


if __name__ == "__main__":
    main()
