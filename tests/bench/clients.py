"""What a client is that can be measured, and where things lie."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple, Optional

PYTHON_SDK = "dingtalk-stream==0.24.3"

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = ROOT / "build" / "bench"
INSTALLED = ROOT / "build" / "installed"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))


class Client(NamedTuple):
    name: str
    command: list
    environment: dict = {}
    # Of ours alone.
    peer: Optional[str] = None

    def environ(self, **more):
        """All that its process sees. Loopback is never asked of a proxy."""
        return {**os.environ, **self.environment, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", **more}


class Absent(Exception):
    """A client that can't be run here, and why."""


def binary(name):
    return TARGET / "release" / name


def built(package, *what):
    """A release build of a package of the workspace, alone, so that no other's features come into it."""
    quietly("cargo", "build", "--release", "-p", package, *what)


def python_with_sdk():
    python = BUILD / "python" / "bin" / "python"
    if not python.exists():
        quietly(sys.executable, "-m", "venv", BUILD / "python")
    quietly(python, "-m", "pip", "install", "--quiet", PYTHON_SDK)
    return python


def quietly(*command, folder=ROOT):
    words = list(map(str, command))
    try:
        done = subprocess.run(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except FileNotFoundError as error:
        raise Absent(f"{words[0]} is not installed") from error
    if done.returncode:
        raise Absent(f"`{' '.join(words)}` failed: {done.stdout.strip()[-500:]}")
