"""What stands between the bot and the simulator, ends TLS and breaks bytes: the program dingstream-faultproxy."""

import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from .service import Service, binary


def program():
    return binary("dingstream-faultproxy", "FAULTPROXY")


class Front(Service):
    def __init__(self, simulator, tls):
        self.folder = tempfile.TemporaryDirectory(prefix="dingstream-front-")
        self.ca = Path(self.folder.name) / "ca.pem"
        asked = ["--tls", tls, "--ca", str(self.ca)] if tls else []
        super().__init__(program(), "--upstream", urlsplit(simulator.url).netloc, *asked)
        simulator.order("settings", {"endpointBase": "ws" + self.url[len("http") :]})

    def __exit__(self, *error):
        super().__exit__(*error)
        self.folder.cleanup()
