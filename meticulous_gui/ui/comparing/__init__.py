"""Refined edges side by side: looked at first, then one of them is kept, or neither."""
