"""The networks that are trained: the models in torch, their texts, their loss and their steps."""
