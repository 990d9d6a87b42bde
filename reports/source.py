"""Loading reports, and making them from results files."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema

from paramlaws.reports.document import document
from paramlaws.reports.merge import merge
from paramlaws.reports.reading import files_in
from paramlaws.reports.schemas import REPORT
from paramlaws.reports.schemas import place as place_of
from paramlaws.specs.record import ResultsError


def load(place: Path) -> dict[str, Any]:
    """The report in a `report.json` or a folder that has one, or made from results files.

    Raises ResultsError, naming the place, if there is none or it does not fit its schema.
    """
    if place.is_dir():
        inside = place / "report.json"
        files = files_in(place)
        if not inside.exists() and files:
            return _merged(files)
        place = inside
    if place.name.endswith((".jsonl", ".jsonl.xz")):
        return _merged([place])
    try:
        report: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
        REPORT.check(report)
    except OSError as error:
        raise ResultsError(
            f"{place}: cannot be read ({error.strerror}); name a report.json, a results file, or a "
            "folder with one of them"
        ) from error
    except (ValueError, RecursionError) as error:
        raise ResultsError(f"{place}: not a report ({error}); name a report.json") from error
    except jsonschema.ValidationError as error:
        where = place_of(error) or "the whole"
        raise ResultsError(
            f"{place}: {where}: {error.message[:200]}; make it again with this version of paramlaws"
        ) from error
    unknown = {row["target"] for row in report["verdicts"]} - {t["id"] for t in report["targets"]}
    if unknown:
        raise ResultsError(
            f"{place}: it has verdicts of {min(unknown)!r}, which is not among its targets; "
            "make it again"
        )
    return report


def _merged(files: list[Path]) -> dict[str, Any]:
    return document(merge(files), datetime.now(UTC).isoformat(timespec="seconds"))
