"""One file per format in which a cut-out or a mask is written; export.py joins them into a registry."""
