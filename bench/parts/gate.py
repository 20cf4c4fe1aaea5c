"""The gate under measurement, as an administrator would configure it."""

import http.client
import json
import os
from pathlib import Path

from .server import Server, free_address

SECRET = "a secret of the bench"


class Gate(Server):
    """One gate. It can be started many times over the same folder. Its limits are those that it has by
    itself, or so high that no load meets them."""

    def __init__(self, name, binary, folder, url, jsm, issuer, forward="", limited=False,
                 deployment="data-center", jsm_keys="", token="bench", more=""):
        self.folder = Path(folder) / name.replace(" ", "-")
        self.folder.mkdir()
        self.url, self.operations = url, free_address()
        scheme, address = url.split("://")
        config = self.folder / "proxy.toml"
        config.write_text(CONFIG.format(
            url=self.url, address=address, operations=self.operations, folder=self.folder, jsm=jsm,
            issuer=issuer, forward=forward, deployment=deployment, jsm_keys=jsm_keys, more=more,
            limits="" if limited else LIMITS,
            concurrency="" if limited else CONCURRENCY,
            certificate=CERTIFICATE.format(folder=folder) if scheme == "https" else ""))
        for file, secret in ("token", token), ("client", SECRET), ("session", os.urandom(32).hex()):
            path = self.folder / file
            path.touch(mode=0o600)
            path.write_text(secret)
        super().__init__(name, [binary, "run", "--config", config], address, self.folder)

    def serve(self):
        """Starts it and waits until it can forward."""
        self.start()
        self.wait_until(self.is_ready, pause=0.001)
        return self

    def is_ready(self):
        return self.asked()[0] == 200

    def portals(self):
        return self.asked()[1].get("portals", 0)

    def metric(self, name):
        """A number of /metrics that has no labels."""
        text = self.fetched("/metrics")[1].decode()
        return next(float(line.split()[1]) for line in text.splitlines()
                    if line.startswith(f"{name} "))

    def asked(self):
        """Status and content of /readyz."""
        try:
            status, body = self.fetched("/readyz")
            return status, json.loads(body)
        except OSError:
            return None, {}

    def fetched(self, path):
        """Status and body of a page of the operations listener."""
        connection = http.client.HTTPConnection(self.operations, timeout=1)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def redirect_uri(url):
    """Where the provider sends browsers back to."""
    return f"{url}/_gate/callback/op"


# All load comes from one address here, and from one customer.
LIMITS = """
[limits]
connections = 100000
connections_per_address = 100000
requests_per_address = 100000
requests_per_customer = 100000
logins_per_minute = 1000000
"""
CONCURRENCY = "concurrency = 100000"


CONFIG = """
[gate]
public_url = "{url}"
listen = ["{address}"]
{certificate}
operations_listen = "{operations}"
state_dir = "{folder}/state"

[jsm]
url = "{jsm}"
deployment = "{deployment}"
{jsm_keys}
api_token_file = "{folder}/token"

[[provider]]
id = "op"
issuer = "{issuer}"
client_id = "jsm-gate"
client_secret_file = "{folder}/client"

[session]
secret_file = "{folder}/session"

[forward]
{concurrency}
{forward}

[forward.identity]
X-User-Email = "{{email}}"

{limits}

{more}

[log]
level = "warn"
"""

CERTIFICATE = """certificate = "{folder}/certificate.pem"
private_key = "{folder}/key.pem"
"""
