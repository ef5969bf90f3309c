"""Pictures, masks and documents as plain values and arrays; knows neither torch nor Qt."""
