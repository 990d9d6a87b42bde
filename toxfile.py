"""Makes an environment of tox for each release in `suites/targets.toml`.

tox loads this file from the folder of `tox.ini`: https://tox.wiki/en/latest/plugin/getting_started.html
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

# While tox loads this file, its folder is on `sys.path`.
from suites import targets

#: Environments that wait for those of releases that run as well.
AFTERWARDS = ("transfer", "power", "alarms", "report")


def _table() -> targets.Table:
    try:
        return targets.table()
    except targets.TableError as error:
        raise HandledError(str(error)) from error


# A tox older than `tox.ini` requires does not know this hook, and installs one that does.
@impl(optionalhook=True)
def tox_extend_envs() -> Iterable[str]:
    """The names of the releases' environments."""
    return tuple(_table().environments)


@impl
def tox_register_tox_env(register: ToxEnvRegister) -> None:
    """Registers environments whose names tell the release, not the Python version.

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
    """Adds the releases to tox's configuration, the default matrix first."""
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
                # This project's dependencies are installed next, and must not change the pins.
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
    """Sets `{suite}` of `tox.ini` for a release, and its suite's environment variables."""
    table, name = _table(), str(env_conf.env_name)
    if name in table.environments:
        suite = table.environments[name].suite
        env_conf.add_config("suite", str, suite, "the suite that is run here")
        # A missing suite is an error of the command that runs in the environment.
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
