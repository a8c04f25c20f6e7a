"""The steps of training, which the adapter and the reranker share. There is no command."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

_MAX_GRADIENT = 1.0  # the largest norm of the gradients of all low-rank changes together


def make_optimizer(
    changes: Sequence[nn.Parameter],
    rate: float,
    head: Sequence[nn.Parameter],
    head_rate: float,
    steps: int,
    warm_up: int,
) -> tuple[Optimizer, LambdaLR]:
    """Return AdamW, and a schedule that raises the rates and then lowers them along a cosine.

    Args:
        changes: The low-rank changes.
        rate: Their highest learning rate.
        head: The parameters of the head.
        head_rate: Their highest learning rate.
        steps: The number of steps, after which the rates are 0.
        warm_up: The number of steps in which the rates rise; a tenth of all steps, if that is less.
    """
    warm_up = min(warm_up, math.ceil(steps / 10))
    optimizer = torch.optim.AdamW(
        [
            {"params": changes, "lr": rate, "weight_decay": 0.01},
            {"params": head, "lr": head_rate, "weight_decay": 0.0},
        ]
    )
    return optimizer, LambdaLR(
        optimizer,
        lambda step: min(1, (step + 1) / warm_up) * (0.5 + 0.5 * math.cos(math.pi * step / steps)),
    )


def take_step(
    optimizer: Optimizer, schedule: LambdaLR, changes: Sequence[nn.Parameter], loss: Tensor
) -> float:
    """Change the parameters so that the loss falls, and return the loss.

    Args:
        optimizer: See `make_optimizer`.
        schedule: See `make_optimizer`.
        changes: The low-rank changes, whose gradients are clipped.
        loss: The loss of one step.
    """
    optimizer.zero_grad()
    torch.autograd.backward(loss)
    nn.utils.clip_grad_norm_(changes, _MAX_GRADIENT)
    optimizer.step()
    schedule.step()
    return loss.item()
