"""Programs in sessions of their own, so that whatever they leave behind ends with them."""

import contextlib
import os
import signal
import subprocess
import threading


class Program:
    # Those that run. A runner that is interrupted ends them and keeps the lock, so that none is started any more.
    live, starting = set(), threading.Lock()

    def __init__(self, command, **more):
        with Program.starting:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True, **more)
            Program.live.add(self)

    @property
    def ended(self):
        return self.process.poll() is not None

    def kill(self):
        """Ends it and whatever it started, without waiting for the end."""
        if not self.ended:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def close(self):
        self.kill()
        self.process.wait()
        Program.live.discard(self)
