"""The audit in the back-office."""

from altis.audit.admin.entries import EntryAdmin

__all__ = ["EntryAdmin"]
