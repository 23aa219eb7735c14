"""A second factor for staff: a code of an authenticator app, or a recovery code."""
