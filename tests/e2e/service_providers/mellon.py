#!/usr/bin/python3
"""Who is logged in at Apache, by what mod_auth_mellon put into the environment."""

import json
import os
from urllib.parse import parse_qs
from xml.sax.saxutils import unescape

PREFIX = "MELLON_"
NO_ATTRIBUTES = ["MELLON_NAME_ID", "MELLON_ASSERTION_ID"]
# No variable can have this name: mellon.conf gives it another.
NAMES = {"surname": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname"}


def attributes():
    """MELLON_groups_N says how many groups there are, and MELLON_groups_0 is the first of them, as it
    stands in XML."""
    for name, count in os.environ.items():
        name, counts, _ = name.rpartition("_N")
        if name.startswith(PREFIX) and counts and name not in NO_ATTRIBUTES:
            values = [unescape(os.environ[f"{name}_{index}"]) for index in range(int(count))]
            name = name.removeprefix(PREFIX)
            yield NAMES.get(name, name), values


person = {
    "name_id": os.environ["MELLON_NAME_ID"],
    "attributes": dict(attributes()),
    "state": parse_qs(os.environ["QUERY_STRING"]).get("state", [""])[0],
}
print("Content-Type: application/json\n")
print(json.dumps(person))
