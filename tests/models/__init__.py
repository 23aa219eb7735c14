"""The protocols as small worlds in which everything that can happen does happen, in every order."""
