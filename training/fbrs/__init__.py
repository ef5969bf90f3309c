"""The click network: its data, the robot that clicks, trainer and evaluation."""
