"""What all figures depend on: the machine, and the versions of everything."""

import datetime
import os
import platform
import re
import shlex
import subprocess
import sys

import clients
import peers

TOOLS = {
    "rustc": ["rustc", "--version"],
    "gcc": ["cc", "--version"],
    "Mono": ["mono", "--version"],
    "PHP": ["php", "--version"],
    "Node": ["node", "--version"],
    "Go": ["go", "version"],
    "Java": ["java", "-version"],
}


def show():
    print(f"# Benchmark of {datetime.date.today().isoformat()}\n")
    print(f"`{shlex.join([os.path.relpath(sys.argv[0]), *sys.argv[1:]])}`, at commit {commit()}\n")
    memory = re.search(r"MemTotal:\s+(\d+)", read("/proc/meminfo"))
    gib = f"{int(memory[1]) / 2**20:.0f} GiB" if memory else "memory unknown"
    print(f"* {processor()}, {os.cpu_count()} logical processors, {gib}")
    print(f"* {distribution()}, Linux {platform.release()}, {' '.join(platform.libc_ver())}")
    print(f"* {', '.join(versions())}")
    print(f"* SDKs: {', '.join(sdks())}")


def processor():
    # Not every architecture names its own.
    name = re.search(r"model name\s*:\s*(.+)", read("/proc/cpuinfo"))
    return name[1] if name else platform.machine()


def distribution():
    name = re.search(r'^PRETTY_NAME="?([^"\n]+)', read("/etc/os-release"), re.MULTILINE)
    return name[1] if name else platform.system()


def versions():
    for name, command in TOOLS.items():
        number = re.search(r"\d+(\.\d+)+", said(*command))
        yield f"{name} {number[0]}" if number else f"no {name}"
    yield f"Python {platform.python_version()}"
    found = sorted((clients.ROOT / "build" / "coreclr").glob("**/Microsoft.NETCore.App/*"))
    yield f"CoreCLR {found[-1].name}" if found else "no CoreCLR"


def sdks():
    module = re.search(r"require (\S+) (\S+)", read(clients.HERE / "peers" / "go" / "go.mod"))
    yield f"{clients.PYTHON_SDK} (PyPI)"
    yield f"{peers.NODE_SDK} (npm)"
    yield f"{module[1]} {module[2]}"
    yield f"{peers.JAVA_SDK} (Maven)"


def commit():
    changed = " and what is not committed" if said("git", "-C", clients.ROOT, "status", "--porcelain") else ""
    return said("git", "-C", clients.ROOT, "rev-parse", "--short", "HEAD").strip() + changed


def said(*command):
    try:
        done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except FileNotFoundError:
        return ""
    return done.stdout if done.returncode == 0 else ""


def read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""
