"""Translating the upstream's address in bodies, beside nginx's sub_filter."""

from . import peers
from .comparison import session_at
from .gate import SECRET, Gate, redirect_uri
from .load import Target, in_turn
from .providers import certified
from .server import free_address


def rewriting(binary, world, rounds, seconds, folder):
    """What was measured, by server."""
    url = f"http://{free_address()}"
    provider, issuer = certified(SECRET, [redirect_uri(url)])
    gate = Gate("gate that rewrites", binary, folder, url, world.jsm, issuer,
                "rewrite_bodies = true").serve()
    gate.wait_until(lambda: gate.portals() > 0)
    nginx = peers.substituting_proxy(folder, world.upstream).serve()
    targets = {
        "gate": Target(gate, url + peers.LONG_PAGE, {"Cookie": session_at(url)}),
        "nginx": Target(nginx, f"http://{nginx.address}{peers.LONG_PAGE}")}
    measured = in_turn(targets, rounds, seconds, folder)
    for running in (gate, nginx, provider):
        running.stop()
    return measured
