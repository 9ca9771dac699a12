"""Small changes of the code, one at a time, that some test must see: ``python tests/mutation --help``."""
