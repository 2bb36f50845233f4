"""The languages that have a bot, and whether it can be run here."""

import subprocess

from .bot import PROGRAM
from .service import ROOT

LANGUAGES = ["rust", "c", "csharp-mono", "csharp-coreclr", "php", "python", "node"]

# What `run` says where there is nothing to run.
NOT_BUILT = 127


def why_missing(language):
    """Why the bot can't be run here, or None where it can."""
    folder = language.split("-")[0]
    installed = ROOT / "build" / "installed" / folder
    if language != "rust" and not installed.exists():
        return f"build/installed/{folder} does not exist: make the package first"
    if not (PROGRAM.parent / "bots" / folder / "run").exists():
        return "it has no bot"
    try:
        asked = subprocess.run(
            [str(PROGRAM), language, "http://127.0.0.1:9", "none"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=60,
        )
    except subprocess.TimeoutExpired:
        return None
    if asked.returncode == NOT_BUILT:
        return asked.stderr.decode(errors="replace").strip()
    return None
