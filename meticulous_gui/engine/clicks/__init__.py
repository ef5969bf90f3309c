"""Pointing at things: what happens between a click and the mask that obeys it."""
