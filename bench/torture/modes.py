"""What a proxy is told to do with the bytes that it passes on."""

from dataclasses import dataclass


@dataclass
class Modes:
    """What a proxy does at present. Only the event loop's thread touches it."""

    delay: float = 0.0
    holding: bool = False
    refusing: bool = False
    answers_to_lose: int = 0
    instead: bytes = b""
    commits_to_lose: int = 0
    deliver_commits: bool = True

    def lose_answers(self, count: int, instead: bytes) -> None:
        """From now on."""
        self.answers_to_lose, self.instead = count, instead

    def lose_commits(self, count: int, *, deliver: bool) -> None:
        """From now on."""
        self.commits_to_lose, self.deliver_commits = count, deliver

    def heal(self) -> None:
        """Everything but `holding`, which wakes connections."""
        self.delay, self.refusing, self.answers_to_lose, self.commits_to_lose = 0.0, False, 0, 0
