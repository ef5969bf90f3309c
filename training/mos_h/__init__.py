"""MOS_H, the refiner: its data, trainer and evaluation."""
