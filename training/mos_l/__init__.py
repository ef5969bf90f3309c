"""MOS_L, the coarse network: its data, trainer and evaluation."""
