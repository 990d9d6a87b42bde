"""The error with which a command refuses its arguments."""

from __future__ import annotations

import click


class Refused(click.ClickException):
    """The arguments or files cannot be used: a line on standard error, and exit status 2."""

    exit_code = 2

    def format_message(self) -> str:
        """The message, in one or more lines, safe to print on a terminal."""
        return "\n".join(printable(line) for line in self.message.splitlines())


def printable(line: str) -> str:
    """The line without terminal control characters; results may come from anywhere."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)
