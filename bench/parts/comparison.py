"""The gate beside its peers: the same pages from the same upstream, over plain HTTP and TLS."""

import sys

from . import peers, providers
from .browser import Browser
from .gate import SECRET, Gate, redirect_uri
from .load import Target, in_turn
from .server import free_address

SIZES = list(peers.PAGES)
PAGE = {"Accept": "text/html"}


class World:
    """Every server of the comparison. A context: they run until the end of the block."""

    def __init__(self, binary, bare, folder, stand_in):
        self.upstream = peers.upstream(folder, stand_in.url).serve()
        urls = {
            (kind, tls): f"{'https' if tls else 'http'}://{free_address()}"
            for kind in ("gate", "Apache") for tls in (False, True)}
        uris = [redirect_uri(url) if kind == "gate" else peers.apache_redirect_uri(url)
                for (kind, _), url in urls.items()]
        self.provider, self.issuer = providers.certified(SECRET, uris)
        self.jsm = f"http://{self.upstream.address}"
        self.servers = {"the upstream itself": self.upstream}
        for tls in (False, True):
            name = f"gate{peers.suffix(tls)}"
            gate = Gate(name, binary, folder, urls["gate", tls], self.jsm, self.issuer,
                        'host = "public"')
            apache = peers.apache(folder, urls["Apache", tls], self.upstream, self.issuer, SECRET)
            for server in (gate, peers.bare(bare, folder, self.upstream, tls),
                           peers.reverse_proxy(folder, self.upstream, tls), apache):
                self.servers[server.name] = server.serve()
            gate.wait_until(lambda gate=gate: gate.portals() > 0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in self.servers.values():
            server.stop()
        self.provider.stop()

    def logged_in(self):
        """A target for each size and server. All get the requests of a customer, cookie included:
        that of a session where there are sessions, elsewhere the same that the gate gets."""
        sessions = {
            name: {"Cookie": session_at(url(server))}
            for name, server in self.servers.items() if name.startswith(("gate", "Apache"))}
        targets = {
            (size, name): Target(
                server, url(server) + peers.page(size), sessions.get(name, sessions["gate"]))
            for size in SIZES for name, server in self.servers.items()}
        for target in targets.values():
            must_answer(target, 200)
        return targets

    def anonymous(self):
        """Targets that send everybody to log in."""
        targets = {
            name: Target(self.servers[name], url(self.servers[name]) + peers.page("2 KB"), PAGE)
            for name in ("gate", "Apache")}
        for target in targets.values():
            must_answer(target, 302, 303)
        return targets


def url(server):
    tls = server.name.endswith("TLS")
    return f"{'https' if tls else 'http'}://{server.address}"


def session_at(address):
    """The cookies of a browser that has logged in."""
    browser = Browser()
    page = address + peers.page("2 KB")
    at, _ = browser.log_in(page, providers.PERSON)
    if at != page:
        sys.exit(f"the login at {page} ended at {at}")
    return browser.cookie_header(page)


def must_answer(target, *expected):
    status, _ = Browser(follow=False).get(target.url, target.headers)
    if status not in expected:
        sys.exit(f"{target.url} of {target.server.name} answers {status}, not {expected}")


def compare(world, rounds, seconds, folder):
    """What was measured, by size and server; then the same of anonymous redirects, by server."""
    targets = world.logged_in()
    pages = in_turn(targets, rounds, seconds, folder)
    for target in targets.values():
        must_answer(target, 200)
    return pages, in_turn(world.anonymous(), rounds, seconds, folder)
