"""An exception in a line, with the place that it is about."""

from __future__ import annotations

import traceback
from pathlib import Path


def said(error: BaseException) -> str:
    """The exception, and the file, the line and the code where it was raised.

    Its traceback would begin with our own lines, which say nothing to whoever wrote that code.
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


#: Where suites are loaded.
_OURS = ("registry.py", "declared.py")


def _place(file: str, line: int | None, code: str | None) -> str:
    shown = f": `{code.strip()}`" if code and code.strip() else ""
    return f" ({file}, line {line}{shown})"
