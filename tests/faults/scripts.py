"""Texts that try to become scripts, and what finds them where one of them did."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from tests.reading import Element, Page

ICON = Path(__file__).resolve().parents[2] / "static" / "img" / "favicon.svg"

SCRIPTS = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.example/a.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script/x>alert(1)</script>",
    "<script\n>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<img src=x onerror="alert(1)">',
    "<img/src/onerror=alert(1)>",
    "<IMG SRC=javascript:alert(1)>",
    "<image href=x onerror=alert(1)>",
    '" onmouseover=alert(1) x="<i onclick=alert(1)>',
    "' autofocus onfocus=alert(1) x='<i onfocus=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<svg><a xlink:href=javascript:alert(1)>x</a>",
    "<svg><use href=data:image/svg+xml,x onload=alert(1)>",
    "<math href=javascript:alert(1)>x</math>",
    "<math><mtext><script>alert(1)</script>",
    "<body onload=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href=JaVaScRiPt:alert(1)>x</a>",
    "<a href=vbscript:msgbox(1)>x</a>",
    "<a href=data:text/html,x>x</a>",
    '<a href="java\tscript:alert(1)">x</a>',
    "<a href=x onclick=alert(1)>x</a>",
    "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc=x>",
    "<frame src=//x.example>",
    "<object data=javascript:alert(1)>",
    "<embed src=//x.example/a.swf>",
    "<applet code=x>",
    "<form action=javascript:alert(1)><button onclick=alert(1)>x",
    "<button formaction=javascript:alert(1)>x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<select onchange=alert(1)><option>x</select>",
    "<details open ontoggle=alert(1)>",
    "<video src=x onerror=alert(1)>",
    "<audio src=x onerror=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<base href=//x.example/>",
    "<link rel=stylesheet href=//x.example>",
    "<meta http-equiv=refresh content='0;url=//x.example'>",
    "<style>@import '//x.example'</style>",
    "<div style=background:url(javascript:alert(1))>",
    "<table background=javascript:alert(1)>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<template><script>alert(1)</script></template>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<x onclick=alert(1) tabindex=1>x</x>",
    "<xss contenteditable onblur=alert(1)>x",
    "<%00script>alert(1)</script><b onclick=alert(1)>",
    "{{ config }}{% for x in [].__class__ %}",
    "{{ ''.__class__.__mro__ }}<i onclick=alert(1)>",
    "${alert(1)}`<b onclick=alert(1)>`",
    "&lt;script&gt;alert(1)&lt;/script&gt;<u onclick=alert(1)>",
    "&#60;script&#62;<u onclick=alert(1)>",
)
MARKDOWN_SCRIPTS = (
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](<javascript:alert(1)>)",
    "[x](&#106;avascript:alert(1))",
    "[x](java&Tab;script:alert(1))",
    '[x](//x.example "onclick=alert(1)")',
    '[x](https://x.example/"onmouseover="alert(1))',
    "![x](javascript:alert(1))",
    "![x](https://x.example/a.png)",
    '![x" onerror="alert(1)](x)',
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "`<script>alert(1)</script>`",
    "```\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "# <img src=x onerror=alert(1)>",
    "> <svg onload=alert(1)>",
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "*<b onclick=alert(1)>*",
)
#: Elements that no page of the service has, and those it has only in its own way.
NEVER = {
    "iframe",
    "frame",
    "frameset",
    "object",
    "embed",
    "applet",
    "base",
    "style",
    "math",
    "audio",
    "video",
    "marquee",
    "isindex",
    "template",
    "noscript",
    "xss",
    "x",
    "foreignobject",
    "animate",
    "image",
}
ADDRESSES = (
    "href",
    "src",
    "action",
    "formaction",
    "xlink:href",
    "data",
    "background",
    "poster",
    "srcdoc",
    "srcset",
)


def _is_our_frame(element: Element) -> bool:
    """The frame in which staff see a mail: of a page of ours, in which nothing runs."""
    attributes = element.attributes
    return (
        element.tag == "iframe"
        and set(attributes) == {"class", "src", "title", "sandbox"}
        and attributes["sandbox"] == "allow-same-origin"
        and re.fullmatch(r"/staff/[\w/]+", attributes["src"]) is not None
    )


def _is_our_icon(element: Element) -> bool:
    """The site's icon, which is in the page itself: this one picture, byte for byte."""
    return element.tag == "link" and element.attributes == {
        "rel": "icon",
        "href": "data:image/svg+xml," + quote(ICON.read_bytes(), safe=" =:/'"),
        "type": "image/svg+xml",
    }


def _leads_to_us(link: dict[str, str]) -> bool:
    """Our own sheets and pictures, or the same page as a feed or document of ours, which no browser loads."""
    address = link.get("href", "")
    if link.get("rel") == "alternate":
        return re.match(r"/(?![/\\])", address) is not None
    return address.startswith(("/site.css", "/static/", "http://localhost"))


def dangers(html: str) -> Iterator[str]:
    """What on a page or in a mail could run, load or lead elsewhere that the service did not put there."""
    for element in Page(html).elements:
        attributes = element.attributes
        if _is_our_frame(element) or _is_our_icon(element):
            continue
        if element.tag in NEVER or not re.fullmatch(r"[a-z][a-z0-9]*", element.tag):
            yield f"<{element.tag}>"
        if element.tag == "script" and not attributes.get("src", "").startswith("/static/js/"):
            yield "<script>"
        if element.tag == "img" and not attributes.get("src", "").startswith("/static/"):
            yield f"<img src={attributes.get('src')}>"
        if (
            element.tag == "meta"
            and "http-equiv" in attributes
            and attributes["http-equiv"].lower() != "content-type"
        ):
            yield "<meta http-equiv>"
        if element.tag == "link" and not _leads_to_us(attributes):
            yield f"<link {attributes.get('href')}>"
        yield from (
            f"<{element.tag} {name}>" for name in attributes if name.startswith("on") or name == "srcdoc"
        )
        for name in ADDRESSES:
            scheme = re.sub(r"[\x00-\x20]", "", attributes.get(name, "")).lower().partition(":")[0]
            if scheme in {"javascript", "vbscript", "data"} and ":" in attributes[name]:
                yield f"<{element.tag} {name}={attributes[name]}>"
        if "style" in attributes and "url(" in attributes["style"]:
            yield f"<{element.tag} style={attributes['style']}>"
