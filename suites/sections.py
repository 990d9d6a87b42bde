"""Native scripts in sections, each of which is a program of its own with the file's opening.

A section begins with a line `# %% name: what it shows`, which editors recognise as a cell. All
sections share what precedes the first one, imports and a function or two.
"""

from __future__ import annotations

import ast
import re
import runpy
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path as File

_BEGINNING = re.compile(r"^# %% ([\w-]+): (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """Native code that asserts what is said about a framework.

    file, name: the script and the section's name in it.
    title: what the section shows, in a sentence.
    script: the section as a program, after what it needs of the file's opening.
    """

    file: File
    name: str
    title: str
    script: str

    def run(self) -> None:
        """Runs the section as a program in this process; raises what it raises."""
        with tempfile.TemporaryDirectory() as folder:
            script = File(folder, f"{self.name}.py")
            script.write_text(self.script, encoding="utf-8")
            # Run as a program, so that its classes can be pickled.
            runpy.run_path(str(script), run_name="__main__")


@cache
def read(file: File) -> dict[str, Section]:
    """The sections of a file by name, in order.

    Raises OSError for a file that cannot be read, and ValueError for one that has no sections or
    two of one name.
    """
    opening, *parts = _BEGINNING.split(file.read_text(encoding="utf-8"))
    if not parts:
        raise ValueError(f"{file} has no sections: lines like `# %% name: what it shows`")
    found: dict[str, Section] = {}
    for name, title, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        if name in found:
            raise ValueError(f"{file} has two sections {name!r}")
        lines = [f"# {title}", *_needed(opening, body), "", body.strip(), ""]
        found[name] = Section(file, name, title, "\n".join(lines))
    return found


def _needed(opening: str, body: str) -> Iterator[str]:
    """The statements of the opening that the body needs, and all that bind no names."""
    statements = ast.parse(opening).body[1:]  # Without the docstring.
    used = _names(ast.parse(body))
    needed: list[ast.stmt] = []
    for statement in reversed(statements):
        given = _given(statement)
        if not given or given & used:
            needed.append(statement)
            used |= _names(statement)
    for statement in reversed(needed):
        is_definition = isinstance(statement, ast.FunctionDef | ast.ClassDef)
        yield ("\n\n" if is_definition else "") + (ast.get_source_segment(opening, statement) or "")


def _given(statement: ast.stmt) -> set[str]:
    """The names that a statement binds."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    nodes = ast.walk(statement)
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
