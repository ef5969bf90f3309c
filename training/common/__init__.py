"""What every trainer shares: data, augmentation, losses, the loop, evaluation and export."""
