"""`paramlaws run`: checks the claims by running pytest."""

from __future__ import annotations

import subprocess
import sys

import click

#: The arguments with which pytest finds the claims wherever it is started. What frameworks warn
#: of, some three thousand times, would push the verdicts off the screen.
PYTEST = ("-m", "pytest", "--pyargs", "paramlaws.specs", "--disable-warnings")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[PYTEST OPTIONS]...")
@click.pass_context
def run(context: click.Context, options: tuple[str, ...]) -> None:
    """Check claims on the frameworks that are installed here.

    This is `pytest --pyargs paramlaws.specs`, to which all options are passed on:
    `paramlaws run -- --help` lists them, those of this project under "paramlaws". The records go to
    `reports/results/` in the current folder, from where `paramlaws report` takes them.

    \b
    Examples:
      paramlaws run
      paramlaws run --suite reference --hypothesis-profile quick
      paramlaws run --suite reference --claim 'tie.*' --pdb
      paramlaws run --adapter mymodule:MyFramework -n 2
    """
    # In a separate process, as pytest does not support being run twice in one.
    context.exit(subprocess.run([sys.executable, *PYTEST, *options], check=False).returncode)
