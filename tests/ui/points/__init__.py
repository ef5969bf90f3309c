"""Tests of pointing at objects."""
