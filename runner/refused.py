"""The error with which a command refuses its arguments."""

from __future__ import annotations

import click


class Refused(click.ClickException):
    """The arguments cannot be used: a line on standard error, and exit status 2."""

    exit_code = 2
