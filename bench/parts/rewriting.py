"""Translating the upstream's address in bodies, beside nginx's sub_filter."""

import sys

from . import peers
from .browser import Browser
from .comparison import session_at
from .gate import SECRET, Gate, redirect_uri
from .load import Target, in_turn
from .providers import certified
from .server import free_address


def rewriting(binary, world, rounds, seconds, folder):
    """What was measured, by server; then the same of a JSM below a context path."""
    contexts = {"": "", "below a context path": peers.CONTEXT}
    urls = {about: f"http://{free_address()}" for about in contexts}
    provider, issuer = certified(SECRET, [redirect_uri(url) for url in urls.values()])
    targets = {}
    for about, context in contexts.items():
        name = f"gate that rewrites {about}".strip()
        gate = Gate(name, binary, folder, urls[about], world.jsm + context, issuer,
                    "rewrite_bodies = true").serve()
        gate.wait_until(lambda gate=gate: gate.portals() > 0)
        nginx = peers.substituting_proxy(folder, world.upstream, context).serve()
        site = urls[about] + context
        targets["gate", about] = Target(
            gate, site + peers.LONG_PAGE, {"Cookie": session_at(site)})
        targets["nginx", about] = Target(nginx, f"http://{nginx.address}{context}{peers.LONG_PAGE}")
    for target in targets.values():
        must_be_rewritten(target, world.upstream)
    measured = in_turn(targets, rounds, seconds, folder)
    for target in targets.values():
        target.server.stop()
    provider.stop()
    return measured


def must_be_rewritten(target, upstream):
    """Nothing measures a rewriter that does not rewrite."""
    _, page = Browser(follow=False).get(target.url, target.headers)
    if upstream.address in page:
        sys.exit(f"{target.server.name} leaves {upstream.address} in {target.url}")
