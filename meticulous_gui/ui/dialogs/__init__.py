"""Windows that open over the program; none of them blocks the event loop."""
