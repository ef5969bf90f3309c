"""The Continuous Refinement Model: training and evaluation."""
