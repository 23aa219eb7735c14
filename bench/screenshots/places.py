"""Every kind of page that can be reached by links from the first one: a page that is added is found too."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urljoin, urlsplit

# Of a row's page the row does not matter; nor do numbers and ids elsewhere.
_ROW = re.compile(r"^(/admin/\w+/\w+/)[^/]+(?=/(?:change|delete|history|password)/)")
_ID = re.compile(r"(?<=/)(?:[a-z]{3}_\w+|\d+)(?=/|$)")
# What opens in a dialog is no page of its own.
_HREF = re.compile(r'<(?:a|form)\b(?![^>]*\bhx-get=)[^>]*?\bhref="([^"#]+)')
_FILES = r"\.(css|js|svg|png|ico|csv|xlsx|woff2)$"
_NO_PAGES = re.compile(rf"/(logout|jsi18n|autocomplete|second-factor/leave|audit/entry/export)\b|{_FILES}")
HOME = "/admin/"


def kind_of(path: str) -> str:
    """`/admin/orders/order/*/change/` for the page of any order."""
    return _ID.sub("*", _ROW.sub(r"\1*", path))


def links_in(html: str, address: str) -> Iterator[str]:
    """The pages of the back-office that a page leads to, without their queries."""
    for href in _HREF.findall(html):
        path = urlsplit(urljoin(address, href.replace("&amp;", "&"))).path
        if path.startswith(HOME) and not _NO_PAGES.search(path):
            yield path


def walk(read: Callable[[str], str], start: str = HOME) -> Iterator[str]:
    """The first page of each kind, in the order of the links; `read` opens an address and returns its HTML."""
    waiting, seen = [start], {kind_of(start)}
    while waiting:
        address = waiting.pop(0)
        html = read(address)
        yield address
        for path in links_in(html, address):
            if (kind := kind_of(path)) not in seen:
                seen.add(kind)
                waiting.append(path)
