"""Networks and the thread they run on."""
