"""The delineator's network: a 1-D U-Net that runs along each lead and looks at all leads of the same moment.

Weights are shared by the leads, so any number of them in any order will do. Shapes: B recordings, C channels, L leads,
T samples.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from einthoven.core.waves import WAVE_NAMES

CLASSES = ("none", *WAVE_NAMES)
WIDTH = 7  # of a convolution


def _conv(inputs: int, outputs: int, width: int, stride: int = 1) -> nn.Sequential:
    """Along time only, with a norm behind it."""
    conv = nn.Conv2d(inputs, outputs, (1, width), (1, stride), (0, width // 2), bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(outputs))


class Residual(nn.Module):
    """Two convolutions along time."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first, self.second = _conv(channels, channels, WIDTH), _conv(channels, channels, WIDTH)

    def forward(self, x_BCLT: Tensor) -> Tensor:
        out: Tensor = functional.relu(x_BCLT + self.second(functional.relu(self.first(x_BCLT))))
        return out


class OtherLeads(nn.Module):
    """Add to each lead what the mean and the most of all leads say at that moment."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.mix = nn.Conv2d(2 * channels, channels, 1)

    def forward(self, x_BCLT: Tensor) -> Tensor:
        both = torch.cat([x_BCLT.mean(2, keepdim=True), x_BCLT.amax(2, keepdim=True)], 1)
        out: Tensor = x_BCLT + self.mix(both)
        return out


class Level(nn.Module):
    """Blocks at one time scale, then a look at the other leads."""

    def __init__(self, channels: int, blocks: int) -> None:
        super().__init__()
        self.blocks = nn.Sequential(*[Residual(channels) for _ in range(blocks)])
        self.leads = OtherLeads(channels)

    def forward(self, x_BCLT: Tensor) -> Tensor:
        out: Tensor = self.leads(self.blocks(x_BCLT))
        return out


class Delineator(nn.Module):
    """(B, 1, L, T) prepared leads at 250 Hz to (B, 4, L, T) logits of none, P, QRS and T."""

    def __init__(self, channels: tuple[int, ...], blocks: tuple[int, ...]) -> None:
        super().__init__()
        self.stem = _conv(1, channels[0], 11, 2)
        self.down = nn.ModuleList([_conv(a, b, 5, 2) for a, b in pairwise(channels)])
        self.encode = nn.ModuleList([Level(c, n) for c, n in zip(channels, blocks, strict=True)])
        self.up = nn.ModuleList([nn.Conv2d(b, a, 1) for a, b in pairwise(channels)])
        self.decode = nn.ModuleList([Level(c, 1) for c in channels[:-1]])
        self.head = nn.Conv2d(channels[0], 2 * len(CLASSES), (1, 5), padding=(0, 2))

    def forward(self, x_BCLT: Tensor) -> Tensor:
        x = functional.relu(self.stem(x_BCLT))
        kept = []
        for place, level in enumerate(self.encode):
            if place:
                x = functional.relu(self.down[place - 1](x))
            x = level(x)
            kept.append(x)
        for place in reversed(range(len(self.up))):
            x = functional.interpolate(self.up[place](x), scale_factor=(1.0, 2.0), mode="nearest")
            x = self.decode[place](x + kept[place])
        y: Tensor = self.head(x)
        batch, _, leads, steps = y.shape
        y = y.reshape(batch, 2, len(CLASSES), leads, steps).permute(0, 2, 3, 4, 1)  # two samples a step
        return y.reshape(batch, len(CLASSES), leads, 2 * steps)
