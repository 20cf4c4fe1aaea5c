"""A service provider with python3-saml, as strict as it can be: messages and assertions signed, both
valid by the schemas, no deprecated algorithms. It is configured by values, as by hand."""

import os

from application import ADDRESS, Refused, read, serve
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.settings import OneLogin_Saml2_Settings

SIGNS = os.environ["SP_REQUESTS"] != "plain"

SETTINGS = {
    "strict": True,
    "sp": {
        "entityId": os.environ["SP_ENTITY_ID"],
        "assertionConsumerService": {
            "url": f"{ADDRESS}/acs",
            "binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
        },
        "singleLogoutService": {
            "url": f"{ADDRESS}/slo",
            "binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
        },
        "NameIDFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
        "x509cert": read("SP_CERTIFICATE"),
        "privateKey": read("SP_KEY"),
    },
    "idp": {
        "entityId": os.environ["GATE_ENTITY_ID"],
        "singleSignOnService": {
            "url": os.environ["GATE_SSO_URL"],
            "binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
        },
        "singleLogoutService": {
            "url": os.environ["GATE_LOGOUT_URL"],
            "binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
        },
        "x509cert": read("GATE_CERTIFICATE"),
    },
    "security": {
        "authnRequestsSigned": SIGNS,
        "logoutRequestSigned": True,
        "logoutResponseSigned": True,
        "wantMessagesSigned": True,
        "wantAssertionsSigned": True,
        "rejectDeprecatedAlgorithm": True,
        "requestedAuthnContext": False,
    },
}


class Library:
    settings = OneLogin_Saml2_Settings(SETTINGS)
    used = set()

    def begin(self, session, state):
        auth = self.auth("/")
        to = auth.login(return_to=state)
        session["request"] = auth.get_last_request_id()
        return to

    def finish(self, session, form):
        auth = self.auth("/acs", post_data=form)
        auth.process_response(session.pop("request", ""))
        if auth.get_errors():
            raise Refused(auth.get_last_error_reason())
        if auth.get_last_assertion_id() in self.used:
            raise Refused("the assertion was used before")
        self.used.add(auth.get_last_assertion_id())
        session["index"] = auth.get_session_index()
        return {
            "name_id": auth.get_nameid(),
            "format": auth.get_nameid_format(),
            "attributes": auth.get_attributes(),
        }

    def logout(self, session):
        person = session["person"]
        auth = self.auth("/logout")
        to = auth.logout(
            name_id=person["name_id"],
            name_id_format=person["format"],
            session_index=session["index"],
        )
        session["request"] = auth.get_last_request_id()
        return to

    def told(self, session, request):
        auth = self.auth("/slo", get_data=dict(request.query()))
        waiting = session.pop("request", "")
        to = auth.process_slo(request_id=waiting, delete_session_cb=session.clear)
        if auth.get_errors():
            raise Refused(auth.get_last_error_reason())
        return to

    def auth(self, path, get_data=None, post_data=None):
        request = {
            "https": "off",
            "http_host": ADDRESS.removeprefix("http://"),
            "script_name": path,
            "get_data": get_data or {},
            "post_data": post_data or {},
        }
        return OneLogin_Saml2_Auth(request, self.settings)


serve(Library())
