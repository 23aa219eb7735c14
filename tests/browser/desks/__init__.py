"""What people do on the pages, in their own words: small steps that the tests put together."""
