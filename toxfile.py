"""Makes an environment of tox for each release in `suites/targets.toml`.

tox loads this file, as it is beside `tox.ini`: https://tox.wiki/en/latest/plugin/getting_started.html
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from tox.config.loader.memory import MemoryLoader
from tox.config.sets import ConfigSet, EnvConfigSet
from tox.config.types import Command, EnvList
from tox.plugin import impl
from tox.report import HandledError
from tox.session.state import State
from tox.tox_env.python.pip.req_file import PythonDeps
from tox.tox_env.register import ToxEnvRegister

# While tox loads this, the folder it lies in is where modules are looked for.
from suites import targets

#: What waits for the releases, where they run as well.
AFTERWARDS = ("transfer", "power", "alarms", "report")


def _table() -> targets.Table:
    try:
        return targets.table()
    except targets.TableError as error:
        raise HandledError(str(error)) from error


# An older tox than `tox.ini` asks for does not know this hook, and fetches one that does.
@impl(optionalhook=True)
def tox_extend_envs() -> Iterable[str]:
    """A release's environment has its name."""
    return tuple(_table().environments)


@impl
def tox_register_tox_env(register: ToxEnvRegister) -> None:
    """An environment whose name says which release, and not which Python.

    By tox's own rules, `pytorch-2.6` and `keras-3.9` would ask for Python 2.6 and 3.9.
    """

    class Release(register.runner(register.default_env_runner)):
        @staticmethod
        def id() -> str:
            return "release"

        @classmethod
        def extract_base_python(cls, env_name: str) -> str | None:
            return None

    register.add_run_env(Release)


@impl
def tox_add_core_config(core_conf: ConfigSet, state: State) -> None:
    """The default matrix comes first; what `tox.ini` says of no release in particular is kept."""
    table, seeds = _table(), state.conf.memory_seed_loaders
    core_conf["env_list"].envs[:0] = table.default
    for name, row in table.environments.items():
        given = {"base_python": [f"python{row.python}"]} if row.python else {}
        seeds[name].append(
            MemoryLoader(
                runner="release",
                description=row.description,
                labels=[row.matrix],
                deps=PythonDeps("\n".join(row.pins), core_conf["tox_root"]),
                # What this project needs is installed next, and must leave the pins as they are.
                constrain_package_deps=True,
                # Other releases are shown as they are; only the default matrix must pass.
                ignore_outcome=row.matrix != targets.DEFAULT,
                **given,
            )
        )
    for name in AFTERWARDS:
        others = ["transfer"] if name == "report" else []
        seeds[name].append(MemoryLoader(depends=EnvList([*table.environments, *others])))
    expected = [
        word
        for suite, reason in table.expected.items()
        for word in ("--expect", f"{suite}={reason}")
    ]
    command = Command(["paramlaws", "report", *expected])
    seeds["report"].append(MemoryLoader(commands=[command]))


@impl
def tox_add_env_config(env_conf: EnvConfigSet, state: State) -> None:
    """`{suite}` in `tox.ini` is the suite of a release, which may have variables of its own."""
    table, name = _table(), str(env_conf.env_name)
    if name in table.environments:
        suite = table.environments[name].suite
        env_conf.add_config("suite", str, suite, "the suite that is run here")
        # A suite that is not there is an error of what runs in the environment.
        if suite in table.suites:
            env_conf["set_env"].update(table.suites[suite].variables)
    elif name == "tests":
        # So that the tests can ask this tox about its environments.
        env_conf["set_env"].update({"PARAMLAWS_TOX": sys.executable})
    elif name not in state.conf and not name.startswith("."):
        # Otherwise tox would take it for `[testenv]` with Python 2.7, say.
        raise HandledError(
            f"{name}: there is no such environment; `tox list` shows those there are"
        )
