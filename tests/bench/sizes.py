"""What is installed: the native libraries, and the packages as users download them."""

import report
from clients import INSTALLED, ROOT

# Of a stripped library.
GOAL_MIB = 6
PACKAGES = ROOT / "build" / "packages"
LIBRARIES = {
    "C, C#, PHP": (INSTALLED / "c" / "lib", "libdingstream.so"),
    "Python": (INSTALLED / "python", "lib/python*/site-packages/dingstream/*.so"),
    "Node": (INSTALLED / "node", "node_modules/dingstream/native/*.node"),
}
DOWNLOADS = {
    "C": "dingstream-c-*.tar.gz",
    "C#": "DingStream.*.nupkg",
    "PHP": "dingstream-php-*.zip",
    "Python": "dingstream-*.whl",
    "Node": "dingstream-*.tgz",
}


def show():
    libraries, packages = found(LIBRARIES), found({name: (PACKAGES, what) for name, what in DOWNLOADS.items()})
    print(f"\n### sizes; of a library at most {GOAL_MIB} MiB")
    rows = [[f"library for {name}", f"{size:.2f}", verdict(size)] for name, size in libraries]
    rows += [[f"package for {name}", f"{size:.2f}", ""] for name, size in packages]
    report.table(["<what", "MiB", "<"], rows)


def found(what):
    for name, (folder, pattern) in what.items():
        for path in folder.glob(pattern):
            yield name, path.stat().st_size / 2**20


def verdict(size):
    return "reached" if size <= GOAL_MIB else "MISSED"
