"""The e-mails that the stack has sent: Django's file backend writes them into a folder, and here are their links."""

import re
import time
from email import message_from_string, policy
from pathlib import Path

_BETWEEN = re.compile(r"^-{79}$", re.MULTILINE)
_PATIENCE_SECONDS = 30.0
_PAUSE_SECONDS = 0.05


class Mails:
    """Everything in the folder, by address and purpose (`verify` or `reset`)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, int] = {}  # how many mails of each file
        self._tokens: dict[tuple[str, str], list[str]] = {}

    def count(self, address: str, purpose: str) -> int:
        """How many such links have come."""
        self._look()
        return len(self._tokens.get((address, purpose), ()))

    def token(self, address: str, purpose: str, *, after: int) -> str:
        """The latest token, once there are more than `after`; raises TimeoutError when none comes."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while self.count(address, purpose) <= after:
            if time.monotonic() > end:
                raise TimeoutError(f"no e-mail to {purpose}")
            time.sleep(_PAUSE_SECONDS)
        return self._tokens[address, purpose][-1]

    def _look(self) -> None:
        for file in sorted(self._folder.glob("*")):
            # What stands behind the last line of dashes is still being written.
            whole = _BETWEEN.split(file.read_text())[:-1]
            for mail in whole[self._read.get(file, 0) :]:
                self._note(mail.lstrip())
            self._read[file] = len(whole)

    def _note(self, text: str) -> None:
        mail = message_from_string(text, policy=policy.default)
        body = mail.get_body(("plain",))
        if body is not None:
            for purpose, token in re.findall(r"/account/(verify|reset)\?token=([\w.-]+)", body.get_content()):
                self._tokens.setdefault((str(mail["To"]), purpose), []).append(token)
