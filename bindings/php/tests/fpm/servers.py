"""php-fpm with two workers behind nginx, in a directory of their own; nothing of the system's configuration is read."""

import glob
import http.client
import json
import os
import pwd
import re
import socket
import subprocess
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[3]
VENDOR = ROOT / "build" / "installed" / "php" / "vendor"
DEADLINE = 30

POOL = """\
[global]
error_log = {place}/php-fpm.log
daemonize = no
[www]
user = {user}
listen = {place}/php.sock
pm = static
pm.max_children = 2
catch_workers_output = yes
"""

NGINX = """\
daemon off;
user {user};
pid {place}/nginx.pid;
error_log {place}/nginx.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {place}/body;
    fastcgi_temp_path {place}/fastcgi;
    proxy_temp_path {place}/proxy;
    scgi_temp_path {place}/scgi;
    uwsgi_temp_path {place}/uwsgi;
    server {{
        listen unix:{place}/http.sock;
        location / {{
            fastcgi_pass unix:{place}/php.sock;
            fastcgi_param SCRIPT_FILENAME {page};
            fastcgi_param REQUEST_METHOD $request_method;
            fastcgi_param QUERY_STRING $query_string;
        }}
    }}
}}
"""


class Site:
    """One site whose page knows these values as environment variables, and where its workers share a store."""

    def __init__(self, environment):
        self.directory = tempfile.TemporaryDirectory(prefix="dingstream-fpm-")
        self.place = Path(self.directory.name)
        self.store = self.place / "store"
        environment = {**environment, "STORE": self.store, "AUTOLOAD": VENDOR / "autoload.php"}
        # As root, too, everything runs as whoever runs this: root may read a checkout that others may not.
        names = {"place": self.place, "user": pwd.getpwuid(os.geteuid()).pw_name, "page": HERE / "page.php"}
        fpm, nginx = program("php-fpm[0-9]*", "php-fpm"), program("nginx")
        pool = POOL.format(**names) + "".join(f'env[{name}] = "{value}"\n' for name, value in environment.items())
        (self.place / "pool.conf").write_text(pool)
        (self.place / "nginx.conf").write_text(NGINX.format(**names))
        (self.place / "php.ini").write_text(ini(fpm, names["user"]))
        # Without the directory of the system's further .ini files.
        without = {**os.environ, "PHP_INI_SCAN_DIR": ""}
        self.log = (self.place / "output").open("wb")
        self.fpm = self.start([fpm, "-R", "-F", "-c", self.place / "php.ini", "-y", self.place / "pool.conf"], without)
        self.await_socket("php.sock")
        at = ["-c", self.place / "nginx.conf", "-e", self.place / "nginx.log"]
        self.nginx = self.start([nginx, "-p", self.place, *at])
        self.await_socket("http.sock")

    def start(self, command, environment=None):
        command = [str(part) for part in command]
        return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    def await_socket(self, name):
        def answers():
            with socket.socket(socket.AF_UNIX) as asked:
                return asked.connect_ex(str(self.place / name)) == 0

        wait_for(f"{name} answers; {self.evidence()}", answers)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in (self.nginx, self.fpm):
            server.terminate()
            server.wait(timeout=DEADLINE)
        self.log.close()
        self.directory.cleanup()

    def get(self, send):
        """What the page tells, or None where it could tell nothing."""
        connection = http.client.HTTPConnection("localhost", timeout=2 * DEADLINE)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(2 * DEADLINE)
        connection.sock.connect(str(self.place / "http.sock"))
        connection.request("GET", f"/?send={send}")
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status == 502:
            return None
        assert answer.status == 200, f"HTTP {answer.status} {body!r}; {self.evidence()}"
        return json.loads(body)

    def workers(self):
        """The processes that answer."""
        children = Path(f"/proc/{self.fpm.pid}/task/{self.fpm.pid}/children").read_text()
        return {int(pid) for pid in children.split()}

    def evidence(self):
        """What the servers said."""
        logs = [self.place / name for name in ("output", "php-fpm.log", "nginx.log")]
        return "\n".join(log.read_text(errors="replace") for log in logs if log.exists())


def program(*patterns):
    """The newest program of such a name; servers stand outside of most users' PATH."""
    places = ("/usr/sbin", "/usr/local/sbin", "/usr/bin")
    found = [path for pattern in patterns for place in places for path in glob.glob(f"{place}/{pattern}")]
    if not found:
        raise SystemExit(f"{patterns[-1]} is missing: tests/setup test installs it")
    return max(found, key=lambda path: [int(part) for part in re.findall(r"\d+", path)])


def ini(fpm, user):
    """FFI for preloaded code alone, as PHP has it by default; the extensions are named where they are not built in."""
    modules = subprocess.run([fpm, "-n", "-m"], capture_output=True, text=True, check=True).stdout
    wanted = {"FFI": "extension = ffi", "Zend OPcache": "zend_extension = opcache"}
    settings = [line for name, line in wanted.items() if name not in modules]
    preload = VENDOR / "dingstream" / "dingstream" / "preload.php"
    settings += ["ffi.enable = preload", f"opcache.preload = {preload}", f"opcache.preload_user = {user}"]
    return "\n".join(settings) + "\n"


def wait_for(what, is_so):
    """Waits for what no event tells."""
    until = time.monotonic() + DEADLINE
    while not is_so():
        assert time.monotonic() < until, f"it did not happen that {what}"
        time.sleep(0.01)
