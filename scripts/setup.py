"""Makes the virtual environment: `python scripts/setup.py .venv`. Standard library only.

A CUDA build of torch brings several GB of libraries that a laptop cannot use. So pip is asked first
which build it would install, and a CUDA build is refused unless SHUTTEN_CUDA=1 is set.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "scripts" / "constraints.txt"


def main(target: Path) -> None:
    """Create `target`, install the project and its test tools, and build the bundled model."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is what tells
        sys.exit(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}")
    scripts = target / ("Scripts" if os.name == "nt" else "bin")
    python = str(scripts / "python")
    # Python of an environment that is in use cannot be written, so an existing one is kept.
    if not works(python):
        venv.create(target, with_pip=True, upgrade_deps=False)
    torch = torch_requirement()
    if not os.environ.get("SHUTTEN_CUDA") and wants_cuda(python, torch):
        sys.exit(
            f"pip would install a CUDA build of {torch} here, several GB. Point pip at the CPU\n"
            "builds (PIP_EXTRA_INDEX_URL; the address is on the PyTorch site under Get Started,\n"
            "Compute Platform: CPU), or set SHUTTEN_CUDA=1 to take it as it is."
        )
    install = (python, "-m", "pip", "install", "--quiet", "--constraint", str(CONSTRAINTS))
    run(*install, torch)
    run(*install, "--editable", f"{ROOT}[test]")
    run(python, "-m", "cli", "model", "build")


def works(python: str) -> bool:
    """Whether there is an environment with a Python that runs and has pip."""
    try:
        done = subprocess.run([python, "-m", "pip", "--version"], capture_output=True)
    except OSError:
        return False
    return done.returncode == 0


def torch_requirement() -> str:
    """Return the pinned requirement of torch in pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return next(name for name in project["dependencies"] if name.startswith("torch=="))


def wants_cuda(python: str, torch: str) -> bool:
    """Whether the build that pip would install depends on the libraries of NVIDIA."""
    command = [python, "-m", "pip", "install", "--quiet", "--dry-run", "--no-deps"]
    command += ["--ignore-installed", "--report", "-", torch]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    metadata = json.loads(done.stdout)["install"][0]["metadata"]
    return is_cuda(metadata)


def is_cuda(metadata: dict[str, object]) -> bool:
    """Whether the metadata in a report of pip requires the libraries of NVIDIA on this system."""
    needs = metadata.get("requires_dist", [])
    linux = sys.platform == "linux"
    return linux and isinstance(needs, list) and any(str(n).startswith("nvidia") for n in needs)


def run(*command: str) -> None:
    """Run a command in the project's folder, and stop where it fails."""
    done = subprocess.run(command, cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(done.returncode)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ".venv"))
