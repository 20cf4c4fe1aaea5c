"""The web application around a service provider in Python, as small as a login needs: who is logged
in at /, the ACS at /acs, /logout and /slo. What a SAML message means is for the library behind it.

It listens on port SP_PORT of this machine, and ends when its input ends, so that it cannot outlive
the test.
"""

import json
import os
import secrets
import sys
import threading
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

ADDRESS = f"http://127.0.0.1:{os.environ['SP_PORT']}"
COOKIE = f"sp-{os.environ['SP_PORT']}"


class Refused(Exception):
    """Why a message was not accepted."""


def read(variable):
    """The file that an environment variable names."""
    with open(os.environ[variable], encoding="utf-8") as file:
        return file.read()


def serve(library):
    """Serves until the input ends. What the library does with a browser's session, a dictionary that
    has "person" while somebody is logged in:

    begin(session, state)    where to send the browser to log in, or the page that does it
    finish(session, form)    who the posted answer is about; raises if it is not accepted
    logout(session)          where to send the browser to log out
    told(session, request)   what a message at /slo leads to: an address, or None at the end of a logout
    """
    sessions = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            session, path = self.session(), urlsplit(self.path).path
            if path == "/" and "person" in session:
                self.answer(200, "application/json", json.dumps(session["person"]))
            elif path == "/":
                self.go_on(library.begin(session, dict(self.query()).get("state", "")))
            elif path == "/logout":
                self.go_on(library.logout(session))
            elif path == "/slo":
                self.judge(lambda: library.told(session, self) or "/logged-out")
            elif path == "/logged-out":
                self.answer(200, "text/plain", "somebody" if "person" in session else "nobody")
            else:
                self.answer(404, "text/plain", "no such page")

        def do_POST(self):
            session, form = self.session(), self.form()
            if self.path != "/acs":
                return self.answer(404, "text/plain", "no such page")

            def log_in():
                session["person"] = library.finish(session, form)
                session["person"]["state"] = form.get("RelayState", "")
                return "/"

            return self.judge(log_in)

        def judge(self, act):
            try:
                self.go_on(act())
            except Exception as error:  # each library has errors of its own
                self.answer(403, "text/plain", f"{type(error).__name__}: {error}")

        def session(self):
            cookies = SimpleCookie(self.headers.get("Cookie", ""))
            self.name = cookies[COOKIE].value if COOKIE in cookies else secrets.token_hex()
            return sessions.setdefault(self.name, {})

        def query(self):
            return parse_qsl(urlsplit(self.path).query, keep_blank_values=True)

        def form(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            return dict(parse_qsl(body.decode(), keep_blank_values=True))

        def go_on(self, to):
            if to.startswith(("/", "http")):
                self.answer(303, "text/plain", to, ("Location", to))
            else:
                self.answer(200, "text/html; charset=utf-8", to)

        def answer(self, status, kind, body, *headers):
            self.send_response(status)
            cookie = ("Set-Cookie", f"{COOKIE}={self.name}; Path=/")
            for header in (("Content-Type", kind), cookie, *headers):
                self.send_header(*header)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

    def end_with_the_input():
        sys.stdin.read()
        os._exit(0)

    threading.Thread(target=end_with_the_input, daemon=True).start()
    ThreadingHTTPServer(("127.0.0.1", int(os.environ["SP_PORT"])), Handler).serve_forever()
