"""The back-office and the shop in a real browser: `make test-browser`."""
