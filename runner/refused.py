"""What a command says where it does nothing."""

from __future__ import annotations

import click


class Refused(click.ClickException):
    """What was given cannot be used: a line on standard error, and exit status 2."""

    exit_code = 2
