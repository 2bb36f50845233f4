"""Real proxies, each with a port and a folder of its own: squid for HTTP, dante for SOCKS5."""

import contextlib
import hashlib
import os
import pwd
import re
import socket
import subprocess
import tempfile
import urllib.parse
from pathlib import Path

from .failure import Failure
from .lines import Lines
from .program import Program

# A URL holds them percent-encoded. Dante knows the users of the system alone, so tests/setup makes this one, with this
# password and expired: nobody can log in as it, and dante looks at the password only.
USER, PASSWORD = "dingstream-proxy", "p@ss:word"

SQUID = """
http_port 127.0.0.1:{port}
cache_effective_user nobody
visible_hostname localhost
cache deny all
cache_log /dev/null
access_log stdio:/dev/stdout
buffered_logs off
pid_filename none
coredump_dir none
netdb_filename none
pinger_enable off
shutdown_lifetime 0 seconds
{access}
"""
SQUID_WITH_USERS = """
auth_param basic program /usr/lib/squid/basic_ncsa_auth {folder}/users
auth_param basic children 1
acl known proxy_auth REQUIRED
http_access allow known
http_access deny all
"""
SQUID_FOR_ALL = "http_access allow all"

DANTE = """
logoutput: stdout
internal: 127.0.0.1 port = {port}
external: 127.0.0.1
clientmethod: none
socksmethod: {method}
user.privileged: root
user.unprivileged: nobody
client pass {{ from: 127.0.0.0/8 to: 127.0.0.0/8 log: error }}
socks pass {{ from: 127.0.0.0/8 to: 127.0.0.0/8 log: connect error }}
"""


class Proxy(Program):
    """What the two have in common. Both log to standard output, which is read as it comes."""

    def __init__(self, auth, patience):
        self.folder = tempfile.TemporaryDirectory(prefix="dingstream-proxy-")
        os.chmod(self.folder.name, 0o755)
        self.auth, self.port = auth, free_port()
        self.address = f"127.0.0.1:{self.port}"
        reading, writing = os.pipe()
        if os.geteuid() == 0:
            # Squid opens its standard output once more, when it is nobody already.
            os.fchown(writing, pwd.getpwnam("nobody").pw_uid, -1)
        super().__init__(self.command(Path(self.folder.name)), stdout=writing, stderr=writing)
        os.close(writing)
        self.log = Lines(os.fdopen(reading, "rb"))
        if not self.log.await_that(lambda lines: any(self.READY in line for line in lines), patience):
            self.close()
            raise Failure(f"the proxy does not begin: {self.log.text}")

    def url(self, with_user=True):
        user = f"{USER}:{urllib.parse.quote(PASSWORD, safe='')}@" if self.auth and with_user else ""
        return f"{self.SCHEME}://{user}{self.address}"

    def await_use(self, port, times, patience):
        """Waits until it has told that it let so many through to this port."""
        passed = re.compile(self.PASSED.format(port=port))
        if not self.log.await_that(lambda lines: sum(map(bool, map(passed.search, lines))) >= times, patience):
            raise Failure(f"no {times} connections to port {port} went through the proxy")

    def close(self):
        # Squid takes its shared memory along only when it is asked to end.
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        super().close()
        self.log.await_end(1)
        self.folder.cleanup()


class Squid(Proxy):
    PROGRAM, SCHEME = "/usr/sbin/squid", "http"
    READY, PASSED = "Accepting HTTP Socket connections", r"TCP_(?!DENIED)\S+ .*:{port}\b"

    def command(self, folder):
        access = SQUID_WITH_USERS.format(folder=folder) if self.auth else SQUID_FOR_ALL
        (folder / "users").write_text(f"{USER}:{hashlib.md5(PASSWORD.encode()).hexdigest()}\n")
        (folder / "squid.conf").write_text(SQUID.format(port=self.port, access=access))
        return [self.PROGRAM, "-N", "-n", f"dingstream{self.port}", "-d", "1", "-f", f"{folder}/squid.conf"]


class Dante(Proxy):
    PROGRAM, SCHEME = "/usr/sbin/danted", "socks5"
    READY, PASSED = " running", r"pass\(\d+\): tcp/connect \[.*\.{port}$"

    def command(self, folder):
        method = "username" if self.auth else "none"
        (folder / "danted.conf").write_text(DANTE.format(port=self.port, method=method))
        return [self.PROGRAM, "-N", "1", "-f", f"{folder}/danted.conf", "-p", f"{folder}/pid"]


KINDS = {"http": Squid, "socks5": Dante}


def begin(kind, auth, patience):
    """On another port where somebody took the first one before the proxy could."""
    for _ in range(3):
        with contextlib.suppress(Failure):
            return KINDS[kind](auth, patience)
    return KINDS[kind](auth, patience)


def why_missing(kind, auth):
    """Why such a proxy can't be run here, or None where it can."""
    program = KINDS[kind].PROGRAM
    if not os.path.exists(program):
        return f"{program} is not installed: tests/setup test"
    if kind == "socks5" and auth and os.geteuid() != 0:
        return "dante compares passwords as root alone"
    if kind == "socks5" and auth and not is_known(USER):
        return f"there is no user {USER} for dante: tests/setup test, as root"
    return None


def is_known(user):
    return any(entry.pw_name == user for entry in pwd.getpwall())


def free_port():
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]
