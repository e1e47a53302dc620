"""What should never be typed into a field, and bodies that no form sends."""

from __future__ import annotations

import base64

from petitions.database import Base

#: Texts that must be refused or cleaned wherever they are typed: nothing of their kind may be stored.
REFUSED_TEXTS = (
    "null\x00byte",
    "bell\x07",
    "escape\x1b[31m",
    "delete\x7f",
    "next\x85line",
    "turned \u202egnp.exe",
    "\u2066isolated",
    "left\u200emark",
    "zero\u200bwidth",
    "\ufeffbegins with a mark",
    "tag\U000e0041\U000e0042",
    "private \ue000",
    "unassigned \U0003ffff",
    "replaced \ufffd",
    "Z" + "\u0351" * 40 + "algo",
    "soft\u00adhyphen",
)
#: Odd, but words all the same: they may be stored as they are.
ODD_TEXTS = (
    "",
    " ",
    "\u3000\u00a0\t\r\n",
    "\u2028parted\u2029",
    "0",
    "-1",
    "9" * 400,
    "١٢٣",
    "1e309",
    "NaN",
    "None",
    "true",
    "[]",
    '{"a": 1}',
    "' OR 1=1 --",
    "'); DROP TABLE petitions; --",
    "{{ 7*7 }} {% raw %}",
    "%s %(name)s %n {0} ${x}",
    "=cmd|' /C calc'!A0",
    "../../../../etc/passwd",
    "a\r\nBcc: everybody@example.org",
    "<b>bold</b>",
    "x" * 7_000,
    "é" * 81,
    "👩‍👩‍👧‍👦 नमस्ते می‌خواهم",
    "2026-13-45",
    "0001-01-01",
    "9999-12-31",
    "https://[::1",
    "javascript:alert(1)",
    "a@b@c",
    '"quoted local"@example.org',
    "a" * 65 + "@example.org",
    "name@" + "d" * 300 + ".org",
    "name@example..org",
    "ž@exämple.org",
)
#: Raw bytes in the place of a value, not valid UTF-8: alone, cut off, overlong, a lone surrogate.
RAW_VALUES = (b"%ff", b"%c3", b"%c0%af", b"%ed%a0%80", b"\xff\xfe", b"%", b"%zz", b"%00")
#: Every name a column has: none of them is a field.
COLUMN_NAMES = sorted({column.name for table in Base.metadata.tables.values() for column in table.columns})
#: What a column would be set to by somebody who hopes that it is taken.
COLUMN_VALUES = {
    "state": "open",
    "role": "creator",
    "signature_count": "1000000",
    "seat": "2",
    "id": "1",
    "text_version": "1",
}


def form_type(boundary: str = "") -> str:
    """The content type of a form, or of one with files."""
    return f"multipart/form-data; boundary={boundary}" if boundary else "application/x-www-form-urlencoded"


def multipart(fields: dict[str, str], *, file_fields: bool = False, boundary: str = "xxBOUNDARYxx") -> bytes:
    """A body as a browser sends it with files; with `file_fields` every value comes as a file."""
    file_name = '; filename="a.txt"\r\nContent-Type: text/plain' if file_fields else ""
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{file_name}\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return ("".join(parts) + f"--{boundary}--\r\n").encode("utf-8", "surrogatepass")


#: Bodies with their content types that are no form at all, or too much of one.
BODIES: tuple[tuple[bytes, str | None], ...] = (
    (b"", form_type()),
    (b"", None),
    (b"&&&===&=&%&", form_type()),
    (b"a=" + b"x" * 70_000, form_type()),
    (b"&".join(b"f%d=1" % number for number in range(10_000)), form_type()),
    (b'{"name": "Ada", "state": "open"}', "application/json"),
    (b"[1, 2", "application/json"),
    (b"[1, 2]", "application/json"),
    (b"null", "application/json"),
    (b"<a/>", "application/xml"),
    (b"\x00\x01\x02", "application/octet-stream"),
    (b"name=Ada", "text/plain"),
    (b"name=Ada", "application/x-www-form-urlencoded; charset=utf-7"),
    (b"garbage", "multipart/form-data"),
    (b"garbage", form_type("b")),
    (b"--b\r\n\r\n", form_type("b")),
    (b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n", form_type("b")),
    (b'--b\r\nContent-Disposition: form-data; name="\xff"\r\n\r\n\xff\r\n--b--\r\n', form_type("b")),
    (multipart({f"f{number}": "1" for number in range(1_000)}, boundary="b"), form_type("b")),
    (base64.b64decode("H4sIAAAAAAAAA0vLzwcAIWVzjAMAAAA="), form_type()),
)
