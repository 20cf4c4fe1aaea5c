"""A browser as small as a login needs: cookies, redirects and forms, no scripts."""

import http.cookiejar
import ssl
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser

STEPS = 6  # forms after which a login has failed


class Browser:
    def __init__(self, follow=True):
        self.cookies = http.cookiejar.CookieJar()
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        redirects = [] if follow else [NoRedirects]
        self.opener = urllib.request.build_opener(
            *redirects, urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusting),
            urllib.request.HTTPCookieProcessor(self.cookies))
        self.opener.addheaders = [("Accept", "text/html,*/*;q=0.8")]

    def open(self, url, fields=None):
        """Address, status and text of the page at the end of all redirects."""
        data = urllib.parse.urlencode(fields).encode() if fields is not None else None
        try:
            with self.opener.open(url, data, timeout=30) as answer:
                return answer.url, answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.url, answer.code, answer.read().decode()

    def get(self, url, headers):
        """Status and text of the answer to one request with these headers."""
        try:
            with self.opener.open(urllib.request.Request(url, headers=headers), timeout=30) as seen:
                return seen.status, seen.read().decode()
        except urllib.error.HTTPError as seen:
            return seen.code, seen.read().decode()

    def log_in(self, url, person):
        """Opens a page, fills in the provider's forms, and answers with where that ends."""
        home = urllib.parse.urlsplit(url).netloc
        at, status, text = self.open(url)
        for _ in range(STEPS):
            if urllib.parse.urlsplit(at).netloc == home:
                break
            form = Form(text)
            fields = form.fields | {
                name: value for name, value in person.items()
                if name in form.names and not form.fields.get(name)}
            at, status, text = self.open(urllib.parse.urljoin(at, form.action), fields)
        if status != 200:
            raise RuntimeError(f"the login at {url} ended at {at} with {status}:\n{text[:2000]}")
        return at, text

    def cookie_header(self, url):
        request = urllib.request.Request(url)
        self.cookies.add_cookie_header(request)
        return request.get_header("Cookie")


class NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Form(HTMLParser):
    """The first form of a page."""

    def __init__(self, text):
        super().__init__()
        self.action, self.fields, self.names, self.done = "", {}, set(), False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if self.done:
            return
        if tag == "form":
            self.action = attributes.get("action", "")
        elif tag in ("input", "button") and attributes.get("name"):
            self.names.add(attributes["name"])
            if tag == "input":
                self.fields[attributes["name"]] = attributes.get("value") or ""

    def handle_endtag(self, tag):
        self.done = self.done or tag == "form"
