"""The tools of the canvas, one file per tool, all with the interface of `base.Tool`."""
