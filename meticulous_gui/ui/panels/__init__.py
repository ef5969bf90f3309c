"""What lies in the dock beside the canvas."""
