"""Our database backend, which Django loads by the name of this package."""
