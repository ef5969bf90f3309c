"""The window: the only room that knows Qt and pixels of the screen; it never imports torch."""
