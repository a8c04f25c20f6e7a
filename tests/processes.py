"""Python in a process of its own, started in the checkout."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from project import ROOT


def start_python(*arguments: object, **options: Any) -> subprocess.Popen[str]:
    """Start Python, and return the process, whose output can be read.

    Args:
        *arguments: What follows `python` on the command line.
        **options: Options of `subprocess.Popen`.
    """
    command = [sys.executable, *map(str, arguments)]
    return subprocess.Popen(
        command, **{"cwd": ROOT, "stdout": subprocess.PIPE, "text": True, **options}
    )


def run_python(*arguments: object, **environment: object) -> str:
    """Run Python until it ends with the exit code 0, and return what it printed.

    Args:
        *arguments: What follows `python` on the command line.
        **environment: Environment variables that are set in addition.
    """
    variables = os.environ | {name: str(value) for name, value in environment.items()}
    with start_python(*arguments, env=variables, stderr=subprocess.PIPE) as process:
        output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return output


def memory_of_tree(pid: int) -> int:
    """Return the resident memory in bytes of a process and of those that it started."""
    total, waiting = 0, [pid]
    while waiting:
        each = waiting.pop()
        with contextlib.suppress(OSError, ValueError, StopIteration):  # it ended meanwhile
            status = Path(f"/proc/{each}/status").read_text("utf-8")
            lines = (line for line in status.splitlines() if line.startswith("VmRSS"))
            total += int(next(lines).split()[1]) * 1024
            children = Path(f"/proc/{each}/task/{each}/children").read_text("utf-8")
            waiting += map(int, children.split())
    return total
