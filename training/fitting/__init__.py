"""The logistic models: the examples that they are fitted to, how they are fitted and measured."""
