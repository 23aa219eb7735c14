"""The cases, each in a file of its own: what is asked, how it is prepared, and beside which yardsticks."""
