"""Reading measurements of the claims' power: the faults that they catch, and false alarms.

`paramlaws.faults` makes these, separately from the runs that a report is about.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeAlias

import jsonschema

from paramlaws.reports.schemas import POWER, place
from paramlaws.specs.record import ResultsError

Power: TypeAlias = dict[str, Any]

#: The result if nothing was measured.
NOTHING: Power = {"suites": [], "alarms": [], "statistics": None}


def read(folder: Path) -> Power:
    """The measurements in a folder; `NOTHING` if it does not exist.

    Raises ResultsError, naming the file, for one that holds no measurements.
    """
    found: Power = {"suites": [], "alarms": [], "statistics": None}
    for file in sorted(folder.glob("*.json")):
        record = _record(file)
        if "levels" in record:
            found["statistics"] = record
        else:
            found["alarms" if "alarms" in record else "suites"].append(record)
    return found


def _record(file: Path) -> Any:
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        POWER.check(record)
    except OSError as error:
        raise ResultsError(f"{file}: cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise ResultsError(
            f"{file}: not JSON ({error}); measure again with `tox -e power`, or delete it"
        ) from error
    except jsonschema.ValidationError as error:
        raise ResultsError(
            f"{file}: {place(error) or 'the whole'}: {error.message[:200]}; measure again with "
            "`tox -e power`, or delete it"
        ) from error
    return record
