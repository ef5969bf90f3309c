"""MOS_H, the refiner: its trainer and evaluation."""
