"""Selecting an object by pointing at it: the open object, its clicks, and what the window shows of them."""
