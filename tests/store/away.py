"""Servers that are not there."""

from redis import ConnectionPool, Redis


def redis_nowhere() -> Redis:
    """A real client of a port on which nobody listens; it fails at once, like the product's own."""
    return Redis(connection_pool=ConnectionPool(host="127.0.0.1", port=1))
