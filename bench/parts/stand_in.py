"""A JSM (Data Center) with many portals and a provider nobody logs in at, behind one address."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Neighbours:
    """What a gate talks to when it starts. A context: it answers until the end of the block."""

    def __init__(self, portals):
        self.portals = portals

    def __enter__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.portals = self.portals
        self.url = self.server.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        target = urlsplit(self.path)
        answer = ANSWERS.get(target.path)
        body = answer(self.server, parse_qs(target.query)) if answer else {"errorMessages": []}
        text = json.dumps(body).encode()
        self.send_response(200 if answer else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


def service_desks(server, query):
    start = int(query.get("start", ["0"])[0])
    limit = min(int(query.get("limit", ["25"])[0]), 25)
    numbers = range(start, min(start + limit, server.portals))
    return {
        "size": len(numbers), "start": start, "limit": limit,
        "isLastPage": start + limit >= server.portals,
        "_links": {},
        "values": [service_desk(server, number + 1) for number in numbers],
    }


def service_desk(server, number):
    return {
        "id": str(number), "projectId": str(10000 + number), "projectKey": f"DESK{number}",
        "projectName": f"Service desk {number}",
        "_links": {"portal": f"{server.url}/servicedesk/customer/portal/{number}"},
    }


def discovery(server, _):
    return {
        "issuer": server.url,
        "authorization_endpoint": f"{server.url}/authorize",
        "token_endpoint": f"{server.url}/token",
        "userinfo_endpoint": f"{server.url}/userinfo",
        "jwks_uri": f"{server.url}/keys",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "code_challenge_methods_supported": ["S256"],
    }


# The example key of RFC 7517, appendix A.1.
KEY = {
    "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "1",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
}

ANSWERS = {
    "/rest/api/2/serverInfo": lambda server, _: {
        "baseUrl": server.url, "deploymentType": "Server", "version": "10.3.0"},
    "/rest/api/2/myself": lambda *_: {
        "name": "gate", "displayName": "Gate", "emailAddress": "gate@example.com"},
    "/rest/servicedeskapi/servicedesk": service_desks,
    "/.well-known/openid-configuration": discovery,
    "/keys": lambda *_: {"keys": [KEY]},
}
