"""What a person would not see: errors on the console, requests that fail, requests to somewhere else."""

from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response

# A request that was cut off because the page was left is nobody's mistake.
_LEFT = "net::ERR_ABORTED"
# htmx's own words for a request that failed, also for one that was cut off; `_failed` tells the two apart.
_TOLD_TWICE = ("htmx:afterRequest", "htmx:sendError", "htmx:sendAbort")
_FROM_THE_PAGE = ("data", "blob", "about")


class Watch:
    """Collects what goes wrong on pages; `expect` lets one status pass, for tests that look at refusals."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._expected: set[int] = set()

    def attend(self, page: Page, url: str) -> None:
        """Watch this page, whose own server is at `url`."""
        home = urlsplit(url).netloc
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._note(page, f"script: {error}"))
        page.on("requestfailed", self._failed)
        page.on("request", lambda request: self._request(request, home))
        page.on("response", self._response)

    def expect(self, *statuses: int) -> None:
        """Replies with these statuses are wanted."""
        self._expected |= set(statuses)

    def _console(self, message: ConsoleMessage) -> None:
        wanted = message.text in _TOLD_TWICE or any(f"status of {each}" in message.text for each in self._expected)
        if message.type in ("error", "warning") and not wanted:
            self.problems.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _failed(self, request: Request) -> None:
        if request.failure != _LEFT:
            self.problems.append(f"{request.method} {request.url} failed: {request.failure}")

    def _request(self, request: Request, home: str) -> None:
        place = urlsplit(request.url)
        if place.scheme not in _FROM_THE_PAGE and place.netloc != home:
            self.problems.append(f"a request to somewhere else: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._expected:
            self.problems.append(f"{response.status} for {response.request.method} {response.url}")

    def _note(self, page: Page, text: str) -> None:
        self.problems.append(f"{text} on {page.url}")
