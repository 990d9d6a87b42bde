"""The command `paramlaws`; each subcommand is defined in the module that does its work."""

from __future__ import annotations

from importlib import import_module

import click

#: The place of each subcommand, as MODULE:NAME, and its line in `paramlaws --help`.
SUBCOMMANDS = {
    "run": ("paramlaws.commands.run:run", "Check claims on frameworks."),
    "report": ("paramlaws.reports.cli:report", "Merge results files into a report."),
    "show": ("paramlaws.reports.show:show", "Print what a report says about one claim."),
    "diff": ("paramlaws.reports.diff:diff", "Compare two reports."),
    "transfer": ("paramlaws.runner.transfer:transfer", "Carry parameters between frameworks."),
    "history": (
        "paramlaws.runner.history:history",
        "Check claims on every release of the table.",
    ),
    "compat": ("paramlaws.reports.compat:command", "Write since which release what is so."),
    "since": ("paramlaws.reports.since:since", "Print since which release what is so."),
    "check-new": ("paramlaws.runner.newer:check_new", "Look for releases newer than the table."),
    "faults": ("paramlaws.faults.cli:faults", "Measure which faults the claims catch."),
    "alarms": ("paramlaws.faults.alarms:alarms", "Look for false alarms."),
}


class Subcommands(click.Group):
    """A group that imports a subcommand on demand, since not all dependencies may be installed.

    https://click.palletsprojects.com/en/stable/complex/#defining-the-lazy-group
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the subcommands, in the order in which one would use them."""
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The subcommand with this name, None if there is none."""
        if cmd_name not in SUBCOMMANDS:
            return None
        module, _, name = SUBCOMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the list of subcommands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in SUBCOMMANDS.items()])


@click.group(
    cls=Subcommands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="`paramlaws COMMAND --help` shows examples of each.",
)
@click.version_option(package_name="paramlaws")
def main() -> None:
    """A conformance suite for how deep-learning frameworks manage parameters.

    \b
    Examples:
      paramlaws run --suite reference --hypothesis-profile quick
      paramlaws report
      paramlaws show 'tie.*'
    """
