"""Files with what is nobody else's business."""

import os
from typing import TextIO


def open_private(path: str) -> TextIO:
    """A new text file for writing, readable by its owner alone from its first instant; raises FileExistsError."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8")
