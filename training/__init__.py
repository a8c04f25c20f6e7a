"""Training and fitting of what the product ships. This package is not part of the wheel."""
