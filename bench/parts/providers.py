"""Providers to log in at."""

import json
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "tests/e2e/provider.mjs"
PERSON = {"username": "ann", "login": "ada", "password": "demo"}  # at the sandbox, at npm's


class Provider:
    """A program that prints its issuer and ends when its input ends."""

    def __init__(self, command):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True)
        self.line = self.process.stdout.readline().strip()

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


def certified(secret, redirect_uris):
    """npm's oidc-provider. Answers with it and its issuer."""
    uris = [f"--redirect-uri={uri}" for uri in redirect_uris]
    provider = Provider(["node", SCRIPT, f"--client-secret={secret}", *uris,
                         f"--post-logout-redirect-uri={redirect_uris[0]}"])
    return provider, json.loads(provider.line)["issuer"]


def sandbox(stage, secret):
    """The gate's own stand-in, fast enough to be no limit. Answers with it and its issuer."""
    provider = Provider([stage, "provider", secret])
    return provider, provider.line
