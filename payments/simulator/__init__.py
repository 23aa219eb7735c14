"""The simulator gateway: a small payment provider of its own, for development and tests.

It imports nothing of Altis, so its ledger is an independent witness of what was captured and refunded.
"""
