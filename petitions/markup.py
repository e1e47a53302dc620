"""Markdown of official answers to safe HTML: made without raw HTML, then cleaned to a short list of elements."""

from __future__ import annotations

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

ELEMENTS = {"p", "br", "em", "strong", "ul", "ol", "li", "a", "h3", "h4", "blockquote", "code", "pre", "hr"}
#: Headings inside an answer stand below the page's own, which end at h2.
HEADINGS = {"h1": "h3", "h2": "h3", "h3": "h4", "h4": "h4", "h5": "h4", "h6": "h4"}

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True})


@lru_cache(maxsize=500)
def markdown(text: str) -> Markup:
    """Safe HTML of a Markdown text. Links keep only http, https and mailto; nothing else of HTML comes through."""
    tokens = _markdown.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = HEADINGS[token.tag]
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return Markup(
        nh3.clean(
            html,
            tags=ELEMENTS,
            attributes={"a": {"href"}},
            url_schemes={"http", "https", "mailto"},
            link_rel="nofollow noopener ugc",
        )
    )


def plain(text: str, *, links: bool = False) -> str:
    """The words of a Markdown text alone, paragraphs apart by an empty line: for mails and for the JSON.

    With `links`, for readers who cannot press them, the address of each link stands behind its words, and the items of
    lists keep their dash or number.
    """
    blocks: list[str] = []
    mark = ""
    for token in _markdown.parse(text):
        if token.type == "list_item_open" and links:
            mark = f"{token.info}. " if token.info else "- "
        elif token.type == "inline":
            blocks.append(mark + _words(token.children or [], links))
            mark = ""
        elif token.type in {"fence", "code_block"}:
            blocks.append(token.content.rstrip())
    return "\n\n".join(blocks)


def _words(tokens: list[Token], links: bool) -> str:
    words, address = "", ""
    for token in tokens:
        if token.type == "link_open":
            address = str(token.attrs.get("href", ""))
        elif token.type == "link_close" and links and address.startswith(("http://", "https://", "mailto:")):
            words += f" ({address})"
        words += token.content if token.type != "softbreak" else "\n"
    return words
