"""Password hashing: Argon2id at the cost that OWASP advises."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2Hasher(Argon2PasswordHasher):
    """19 MiB, two passes, one lane: Django's default of 100 MB and eight lanes starves a small server under log-ins."""

    memory_cost = 19_456
    time_cost = 2
    parallelism = 1
