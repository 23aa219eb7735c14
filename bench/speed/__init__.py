"""`make bench`: the real HTTP API under load, beside yardsticks measured in the same run. See docs/speed.md."""
