"""How the model and its calibration are made. This package is not in the wheel."""
