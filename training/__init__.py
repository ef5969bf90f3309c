"""Training and evaluation of the program's networks; one folder per network, shared parts in ``common``."""
