"""The examples of the page for developers. Each runs as it stands, and a test runs each."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

CURL, PYTHON = "curl", "python"


@dataclass(frozen=True)
class Example:
    """A few lines to copy. `{site}` in `code` is this site's address, `{id}` a petition's number."""

    name: str
    title: LazyString
    language: str
    code: str

    def lines(self, *, site: str, petition_id: int) -> str:
        """The code for this site."""
        return self.code.replace("{site}", site).replace("{id}", str(petition_id)).strip("\n")


API = (
    Example(
        "list",
        _l("The five open petitions with the most signatures"),
        CURL,
        "curl --silent --fail '{site}/petitions.json?state=open&count=5'",
    ),
    Example(
        "petition",
        _l("One petition, with everything about it"),
        CURL,
        "curl --silent --fail '{site}/petitions/{id}.json'",
    ),
    Example(
        "every",
        _l("Every open petition, page after page, waiting where it is told to wait"),
        PYTHON,
        """
import json
import time
import urllib.error
import urllib.request


def get(url):
    while True:
        try:
            with urllib.request.urlopen(url) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            if error.code != 429:
                raise
            time.sleep(int(error.headers["Retry-After"]))


url = "{site}/petitions.json?state=recent&count=50"
while url:
    page = get(url)
    for petition in page["data"]:
        print(petition["id"], petition["attributes"]["signature_count"], petition["attributes"]["action"])
    url = page["links"]["next"]
""",
    ),
    Example(
        "late",
        _l("Answers that are late, and by how many days"),
        PYTHON,
        """
import json
import urllib.request

with urllib.request.urlopen("{site}/accountability.json?status=overdue&count=500") as response:
    duties = json.load(response)["data"]
for duty in duties:
    facts = duty["attributes"]
    owner = facts["department"]["name"] if facts["department"] else "nobody yet"
    print(-facts["days"], "days late:", facts["petition"]["action"], "-", owner)
""",
    ),
)

FEED = Example(
    "feed",
    _l("What was answered last, from a feed"),
    PYTHON,
    """
import urllib.request
import xml.etree.ElementTree as ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"
with urllib.request.urlopen("{site}/petitions.atom?state=with_response") as response:
    feed = ElementTree.parse(response).getroot()
for entry in feed.findall(ATOM + "entry"):
    print(entry.findtext(ATOM + "updated"), entry.findtext(ATOM + "title"))
""",
)

FILES = Example(
    "files",
    _l("The newest file of all petitions, checked against its fingerprint"),
    PYTHON,
    """
import gzip
import hashlib
import json
import urllib.request

with urllib.request.urlopen("{site}/data.json") as response:
    newest = json.load(response)["data"][0]
file = next(file for file in newest["files"] if file["name"] == "petitions-api.jsonl.gz")
with urllib.request.urlopen(file["url"]) as response:
    content = response.read()
assert hashlib.sha256(content).hexdigest() == file["sha256"]
petitions = [json.loads(line) for line in gzip.decompress(content).splitlines()]
print(len(petitions), "petitions of", newest["day"])
""",
)

WEBHOOK = Example(
    "webhook",
    _l("A receiver checks that a message comes from here"),
    PYTHON,
    """
import base64
import hashlib
import hmac
import json
import time


def read(secret, headers, body):
    \"\"\"The message in a request: secret and headers as texts, body as the bytes that came.\"\"\"
    if abs(time.time() - int(headers["webhook-timestamp"])) > 300:
        raise ValueError("too old")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    if not hmac.compare_digest(expected, headers["webhook-signature"]):
        raise ValueError("not from there")
    return json.loads(body)
""",
)

ALL = (*API, FEED, FILES, WEBHOOK)
