"""The rows of the actions table, one file for each menu, in the order of the menu."""
