"""The strip under the canvas: the photos of a folder as small pictures with how far each is."""
