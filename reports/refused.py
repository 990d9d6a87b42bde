"""What a command says where it does nothing."""

from __future__ import annotations

import click


class Refused(click.ClickException):
    """What was given cannot be used: a line on standard error, and exit status 2."""

    exit_code = 2

    def format_message(self) -> str:
        """What is wrong, in one line or more."""
        return "\n".join(printable(line) for line in self.message.splitlines())


def printable(line: str) -> str:
    """The line without what would steer a terminal; results may come from anywhere."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)
