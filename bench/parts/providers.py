"""Providers to log in at."""

import json
from pathlib import Path
from subprocess import DEVNULL

from .server import Program

SCRIPT = Path(__file__).parents[2] / "tests/e2e/provider.mjs"
PERSON = {"username": "ann", "login": "ada", "password": "demo"}  # at the sandbox, at npm's


def certified(secret, redirect_uris):
    """npm's oidc-provider. Answers with it and its issuer."""
    uris = [f"--redirect-uri={uri}" for uri in redirect_uris]
    provider = Program(["node", SCRIPT, f"--client-secret={secret}", *uris,
                        f"--post-logout-redirect-uri={redirect_uris[0]}"], stderr=DEVNULL)
    return provider, json.loads(provider.line)["issuer"]


def sandbox(stage, secret):
    """The gate's own stand-in, fast enough to be no limit. Answers with it and its issuer."""
    provider = Program([stage, "provider", secret], stderr=DEVNULL)
    return provider, provider.line
