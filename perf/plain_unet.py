"""The yardstick of the delineator: a plain U-Net of one lead with about 127,600 parameters, by the same training."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from einthoven.train.delineator_net import CLASSES


class PlainUNet(nn.Module):
    """Double convolutions, pooling, skips; takes and gives the same shapes as `Delineator`."""

    def __init__(self, channels: tuple[int, ...] = (13, 25, 35, 49), width: int = 9) -> None:
        super().__init__()
        self.encode = nn.ModuleList()
        before = 1
        for c in channels:
            self.encode.append(_double(before, c, width))
            before = c
        self.up = nn.ModuleList()
        self.decode = nn.ModuleList()
        for c in reversed(channels[:-1]):
            self.up.append(nn.ConvTranspose2d(before, c, (1, 2), (1, 2)))
            self.decode.append(_double(2 * c, c, width))
            before = c
        self.head = nn.Conv2d(before, len(CLASSES), 1)

    def forward(self, x_BCLT: Tensor) -> Tensor:
        x, kept = x_BCLT, []
        for place, level in enumerate(self.encode):
            x = level(functional.max_pool2d(x, (1, 2)) if place else x)
            kept.append(x)
        for up, level, skip in zip(self.up, self.decode, reversed(kept[:-1]), strict=True):
            x = level(torch.cat([up(x), skip], 1))
        out: Tensor = self.head(x)
        return out


def _double(inputs: int, outputs: int, width: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    for before in (inputs, outputs):
        conv = nn.Conv2d(before, outputs, (1, width), padding=(0, width // 2), bias=False)
        layers += [conv, nn.BatchNorm2d(outputs), nn.ReLU()]
    return nn.Sequential(*layers)
