"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


def folder(name: str, default: str, text: str) -> Any:
    """An option that names a folder, as a decorator for a command.

    name: with its dashes, as in "--results".
    text: what the folder is for.
    """
    return click.option(
        name,
        type=click.Path(path_type=Path),
        default=Path(default),
        show_default=True,
        metavar="DIR",
        help=text,
    )


#: Where tox has made the environments.
environments = folder("--environments", ".tox", "Where tox has made them.")
