"""Tells the triggers who changes something, on which page and why."""

from contextlib import AbstractContextManager

import pghistory

_LONGEST = 200


def noting(*, staff: str, page: str, reason: str = "") -> AbstractContextManager[object]:
    """Inside, every statement of this thread that writes carries who, where and why, for the triggers to read.

    `staff`: a `usr_…` id. The three travel in a setting of the transaction, `pghistory.context_metadata`.
    """
    context: AbstractContextManager[object] = pghistory.context(
        staff=staff, page=page[:_LONGEST], reason=reason[:_LONGEST]
    )
    return context
