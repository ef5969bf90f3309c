"""The bars round the canvas."""
