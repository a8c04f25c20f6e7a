"""How sure an answer is: abstention, calibration, and how many sentences are quoted."""
