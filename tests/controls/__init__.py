"""Eighteen bugs planted one at a time: what must notice each of them does, and is silent without it."""
