"""Pages of the second factor: give a code, set an authenticator up, take it away."""
