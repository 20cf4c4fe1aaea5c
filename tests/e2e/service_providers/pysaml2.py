"""A service provider with pysaml2, which takes the gate's metadata and has xmlsec1 verify signatures."""

import os

from application import ADDRESS, Refused, serve
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.client import Saml2Client
from saml2.config import SPConfig
from saml2.saml import NameID
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

GATE = os.environ["GATE_ENTITY_ID"]
SIGNS = os.environ["SP_REQUESTS"] != "plain"
BINDING = BINDING_HTTP_POST if os.environ["SP_REQUESTS"] == "signed-post" else BINDING_HTTP_REDIRECT

SETTINGS = {
    "entityid": os.environ["SP_ENTITY_ID"],
    "xmlsec_binary": "/usr/bin/xmlsec1",
    "key_file": os.environ["SP_KEY"],
    "cert_file": os.environ["SP_CERTIFICATE"],
    "metadata": {"local": [os.environ["GATE_METADATA"]]},
    "allow_unknown_attributes": True,
    "service": {
        "sp": {
            "endpoints": {
                "assertion_consumer_service": [(f"{ADDRESS}/acs", BINDING_HTTP_POST)],
                "single_logout_service": [(f"{ADDRESS}/slo", BINDING_HTTP_REDIRECT)],
            },
            "authn_requests_signed": SIGNS,
            "logout_requests_signed": True,
            "want_response_signed": True,
            "want_assertions_signed": True,
            "signing_algorithm": SIG_RSA_SHA256,
            "digest_algorithm": DIGEST_SHA256,
        }
    },
}


class Library:
    client = Saml2Client(config=SPConfig().load(SETTINGS))

    def begin(self, session, state):
        request, info = self.client.prepare_for_authenticate(
            entityid=GATE,
            relay_state=state,
            binding=BINDING,
            sign=SIGNS,
            sigalg=SIG_RSA_SHA256,
            digest_alg=DIGEST_SHA256,
        )
        session.setdefault("waiting", {})[request] = state
        return info["data"] if BINDING == BINDING_HTTP_POST else dict(info["headers"])["Location"]

    def finish(self, session, form):
        waiting = session.get("waiting", {})
        answer = self.client.parse_authn_request_response(
            form["SAMLResponse"], BINDING_HTTP_POST, waiting
        )
        waiting.pop(answer.in_response_to)
        session["name_id"] = answer.name_id
        return {
            "name_id": answer.name_id.text,
            "format": answer.name_id.format,
            "attributes": {
                attribute.name: [value.text or "" for value in attribute.attribute_value]
                for statement in answer.assertion.attribute_statement
                for attribute in statement.attribute
            },
        }

    def logout(self, session):
        sent = self.client.global_logout(session["name_id"])
        binding, info = sent[GATE]
        assert binding == BINDING_HTTP_REDIRECT
        return dict(info["headers"])["Location"]

    def told(self, session, request):
        query = dict(request.query())
        signed = {name: query.get(name) for name in ("SigAlg", "Signature")}
        if "SAMLResponse" in query:
            answer = self.client.parse_logout_request_response(
                query["SAMLResponse"], BINDING_HTTP_REDIRECT
            )
            self.client.handle_logout_response(answer)
            session.clear()
            return None
        info = self.client.handle_logout_request(
            query["SAMLRequest"],
            session.get("name_id", NameID()),
            BINDING_HTTP_REDIRECT,
            sign=True,
            sign_alg=SIG_RSA_SHA256,
            relay_state=query.get("RelayState", ""),
            sigalg=signed["SigAlg"],
            signature=signed["Signature"],
        )
        session.clear()
        return dict(info["headers"])["Location"]


serve(Library())
