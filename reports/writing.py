"""Writing several files, all of them or none."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from paramlaws.specs.record import ResultsError


def write(folder: Path, texts: Mapping[str, str], option: str = "--output") -> None:
    """Writes texts to files in a folder, by their paths relative to it.

    option: the command-line option that names the folder, for the error message.

    Raises ResultsError if that fails; then no file has changed.
    """
    try:
        for name in texts:
            if (folder / name).is_dir():
                raise IsADirectoryError(errno.EISDIR, f"{name} is a folder", str(folder / name))
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".report-", dir=folder) as aside:
            for number, text in enumerate(texts.values()):
                # Half a surrogate pair, as in the name of an undecodable file, is not UTF-8.
                Path(aside, str(number)).write_text(text, encoding="utf-8", errors="replace")
            for number, name in enumerate(texts):
                os.replace(Path(aside, str(number)), folder / name)
    except OSError as error:
        raise ResultsError(
            f"{folder}: the report cannot be written there ({error.strerror}); choose another "
            f"folder with {option}"
        ) from error
