"""An exception in one line, with the place where it was raised."""

from __future__ import annotations

import traceback
from pathlib import Path


def said(error: BaseException) -> str:
    """The exception, with the file, the line and the code where it was raised.

    A traceback would begin with this project's own lines, which do not help an adapter's author.
    """
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.msg}{_place(error.filename, error.lineno, error.text)}"
    what = traceback.format_exception_only(error)[-1].strip()
    theirs = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_theirs(frame)]
    if not theirs:
        return what
    return what + _place(theirs[-1].filename, theirs[-1].lineno, theirs[-1].line)


def _is_theirs(frame: traceback.FrameSummary) -> bool:
    return not frame.filename.startswith("<frozen") and Path(frame.filename).name not in _OURS


#: The files that load suites.
_OURS = ("registry.py", "declared.py")


def _place(file: str, line: int | None, code: str | None) -> str:
    shown = f": `{code.strip()}`" if code and code.strip() else ""
    return f" ({file}, line {line}{shown})"
