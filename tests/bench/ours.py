"""Our bots, on what is installed below build/installed. Nearly all are those of the conformance suite."""

import shutil

from clients import BUILD, HERE, INSTALLED, ROOT, Absent, Client, binary, built, quietly

CONFORMANCE = ROOT / "tests" / "conformance"

# Each of ours, and the peer that it is to beat: the plain loop for compiled languages; the official SDK of the
# language, or the fastest compiled one where there is none.
PEERS = {
    "rust": "plain",
    "c-batch": "plain",
    "c-callback": "plain",
    "csharp-coreclr": "go-sdk",
    "csharp-mono": "go-sdk",
    "php": "go-sdk",
    "python-async": "python-sdk",
    "python-plain": "python-sdk",
    "node": "node-sdk",
}
# Where that is not the bot of this name, answering as usual.
CONFORMING = {
    "c-batch": ("c", "answer"),
    "python-async": ("python", "answer"),
    "python-plain": ("python", "answer-plain"),
}


def prepare(name):
    language = name.split("-")[0]
    if language != "rust" and not (INSTALLED / language).exists():
        raise Absent(f"nothing is installed below build/installed/{language}: tests/bench/prepare")
    if name == "c-callback":
        return Client(name, command("c-callback"), {}, PEERS[name])
    environment = {}
    if name == "rust":
        built("dingstream-bot")
        environment = {"DINGSTREAM_BOT_RUST": str(binary("dingstream-bot"))}
    bot, behaviour = CONFORMING.get(name, (name, "answer"))
    return Client(name, [str(CONFORMANCE / "bot"), bot, "{url}", behaviour], environment, PEERS[name])


def slow(name, ms):
    """The bot whose handler takes so long; None where there is none."""
    if name == "rust":
        built("dingstream-bench", "--example", "slow")
        return Client(name, ["env", "DINGSTREAM_ENDPOINT={url}", str(binary("examples/slow")), str(ms)])
    if name == "c-callback":
        # Each callback waits in a thread.
        return Client(name, [*command(name), str(ms)], {"DINGSTREAM_BOT_OPTIONS": '{"dispatchers": 100}'})
    if name in ("python-async", "python-plain"):
        python, bot = INSTALLED / "python" / "bin" / "python", HERE / "bots" / "slow.py"
        return Client(name, ["env", "DINGSTREAM_ENDPOINT={url}", str(python), str(bot), name.split("-")[1], str(ms)])
    if name == "node":
        # Modules are looked up from where the bot's file is.
        bot = shutil.copy(HERE / "bots" / "slow.mjs", INSTALLED / "node")
        return Client(name, ["env", "DINGSTREAM_ENDPOINT={url}", "node", str(bot), str(ms)])
    return None


def command(name):
    """The bot in C that the library calls, built with what the conformance bot has of the kind."""
    installed, parts, program = INSTALLED / "c", CONFORMANCE / "bots" / "c", BUILD / name
    sources = [
        HERE / "bots" / "callback.c",
        *(parts / f"{part}.c" for part in ("called", "client", "data", "report", "signals")),
    ]
    library = ["-L", installed / "lib", "-ldingstream", f"-Wl,-rpath,{installed / 'lib'}", "-pthread"]
    quietly("cc", "-std=c11", "-O2", "-I", parts, "-I", installed / "include", *sources, *library, "-o", program)
    return ["env", "DINGSTREAM_ENDPOINT={url}", str(program)]
