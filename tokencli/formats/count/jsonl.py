"""JSON lines: one file or group object a line, no envelope, the totals last."""

from __future__ import annotations

from tokencli.formats import View, Write
from tokencli.formats.count.json import file_object, group_object, total_objects
from tokencli.formats.envelope import problem_objects
from tokencli.model import CountReport


def render(report: CountReport, view: View, write: Write) -> None:
    """Write each file (or each group of a breakdown) and then one object with the totals."""
    import json

    if report.groups:
        for group in report.groups:
            write(json.dumps(group_object(group, report.columns)) + "\n")
    else:
        for file in report.files:
            write(json.dumps(file_object(file, report.columns)) + "\n")
    last = {
        "totals": total_objects(report),
        "files": report.file_count,
        "bytes": report.bytes,
        "complete": report.complete,
        "rest": group_object(report.rest, report.columns) if report.rest is not None else None,
        "errors": problem_objects(report.problems),
    }
    write(json.dumps(last) + "\n")
