"""Who is measured: our bots, and the peers that they are compared with. Peers are installed below build/bench/."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple, Optional

PYTHON_SDK = "dingtalk-stream==0.24.3"
NODE_SDK = "dingtalk-stream@2.1.5"

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = ROOT / "build" / "bench"
INSTALLED = ROOT / "build" / "installed"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))

# Each of ours, and the peer that it is to beat: the plain loop for compiled languages; the official SDK of the
# language, or the fastest one where there is none.
OURS = {
    "rust": "plain",
    "c": "plain",
    "csharp-coreclr": "go-sdk",
    "csharp-mono": "go-sdk",
    "php": "go-sdk",
    "python": "python-sdk",
    "node": "node-sdk",
}
PEERS = ["raw", "plain", "go-sdk", "node-sdk", "python-sdk"]
NAMES = [*PEERS, *OURS]


class Client(NamedTuple):
    name: str
    command: list
    environment: dict = {}
    peer: Optional[str] = None


class Absent(Exception):
    """A client that can't be run here, and why."""


def binary(name):
    return TARGET / "release" / name


def prepare(named, peers=True):
    """The clients to measure, peers first, and sentences about those that are absent."""
    unknown = [name for name in named if name not in NAMES]
    if unknown:
        sys.exit(f"there is no client {', '.join(unknown)}: choose from {', '.join(NAMES)}")
    wanted = set(named or NAMES)
    if peers:
        wanted |= {OURS[name] for name in wanted if name in OURS}
    else:
        wanted -= set(PEERS)
    BUILD.mkdir(parents=True, exist_ok=True)
    # Alone, so that no other crate's features come into the plain client.
    quietly("cargo", "build", "--release", "-p", "dingstream-bench")
    chosen, absent = [], []
    for name in NAMES:
        if name in wanted:
            try:
                chosen.append(ours(name) if name in OURS else PREPARE[name]())
            except Absent as reason:
                absent.append(f"{name}: {reason}")
    return chosen, absent


def ours(name):
    environment = {}
    if name == "rust":
        quietly("cargo", "build", "--release", "-p", "dingstream-bot")
        environment = {"DINGSTREAM_BOT_RUST": str(binary("dingstream-bot"))}
    elif not (INSTALLED / name.split("-")[0]).exists():
        raise Absent(f"nothing is installed below build/installed/{name.split('-')[0]}")
    bot = ROOT / "tests" / "conformance" / "bot"
    if not bot.exists():
        raise Absent("there is no tests/conformance/bot")
    return Client(name, [str(bot), name, "{url}", "answer"], environment, OURS[name])


def hand_written(name):
    return lambda: Client(name, [str(binary("dingstream-bench")), name, "{url}"])


def python_sdk():
    bot = str(HERE / "peers" / "python_bot.py")
    return Client("python-sdk", ["env", "DINGTALK_OPENAPI_ENDPOINT={url}", str(python_with_sdk()), bot])


def python_with_sdk():
    python = BUILD / "python" / "bin" / "python"
    if not python.exists():
        quietly(sys.executable, "-m", "venv", BUILD / "python")
    quietly(python, "-m", "pip", "install", "--quiet", PYTHON_SDK)
    return python


def node_sdk():
    folder = BUILD / "node"
    folder.mkdir(parents=True, exist_ok=True)
    quietly("npm", "install", "--no-audit", "--no-fund", "--prefix", folder, NODE_SDK)
    # This SDK has no setting for its host. Everything else in it stays as it was published.
    constants = folder / "node_modules" / "dingtalk-stream" / "dist" / "constants.mjs"
    constants.write_text(constants.read_text().replace('"https://api.dingtalk.com/', 'process.env.DINGTALK_API + "/'))
    # Modules are looked up from where the bot's file is.
    bot = folder / "bot.mjs"
    bot.write_bytes((HERE / "peers" / "node_bot.mjs").read_bytes())
    return Client("node-sdk", ["env", "DINGTALK_API={url}", "node", str(bot)])


def go_sdk():
    bot = BUILD / "go" / "bot"
    quietly("go", "build", "-o", bot, ".", folder=HERE / "peers" / "go")
    return Client("go-sdk", [str(bot), "{url}"])


PREPARE = {
    "raw": hand_written("raw"),
    "plain": hand_written("plain"),
    "go-sdk": go_sdk,
    "node-sdk": node_sdk,
    "python-sdk": python_sdk,
}


def quietly(*command, folder=ROOT):
    words = list(map(str, command))
    try:
        done = subprocess.run(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except FileNotFoundError as error:
        raise Absent(f"{words[0]} is not installed") from error
    if done.returncode:
        raise Absent(f"`{' '.join(words)}` failed: {done.stdout.strip()[-500:]}")
