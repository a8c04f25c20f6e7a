"""Python in a process of its own, started in the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from project import ROOT


def run_python(
    *arguments: object, check: bool = True, **environment: object
) -> subprocess.CompletedProcess[str]:
    """Run Python until it ends, and return what it printed.

    Args:
        *arguments: What follows `python` on the command line.
        check: Whether another exit code than 0 is an error.
        **environment: Environment variables that are set in addition.

    Raises:
        subprocess.CalledProcessError: The exit code is not 0, and `check` is set.
    """
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {name: str(value) for name, value in environment.items()},
        capture_output=True,
        text=True,
        check=check,
        timeout=120,
    )


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
