"""Management commands of the development stack."""
