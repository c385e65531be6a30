"""The signal tower: twelve leads in, tokens that keep time and one summary of the whole out.

A residual 1-D network (He et al. 2016; for 12-lead ECG: Ribeiro et al. 2020) over all leads at once. Missing leads are
zero and announced by the lead mask, so any subset of leads can be read.
Shapes: B batch, L leads (12), S samples, T tokens, D width, F findings.
"""

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

LEADS = 12


def tokens_in_time(samples: int, channels: int) -> int:
    """Return how many tokens a tower of so many channel sizes gives: the stem and each block halve time, then pairs."""
    for _ in range(channels):
        samples = (samples + 1) // 2
    return samples // 2


@dataclass(frozen=True)
class TowerOutput:
    """What the tower says of a batch of ECGs."""

    tokens_BTD: Tensor
    summary_BD: Tensor
    logits_BF: Tensor


class Block(nn.Module):
    """Two convolutions and a shortcut; halves the time axis."""

    def __init__(self, channels_in: int, channels_out: int, width: int, dropout: float) -> None:
        super().__init__()
        self.first = nn.Conv1d(channels_in, channels_out, width, stride=2, padding=width // 2, bias=False)
        self.first_norm = nn.BatchNorm1d(channels_out)
        self.second = nn.Conv1d(channels_out, channels_out, width, padding=width // 2, bias=False)
        self.second_norm = nn.BatchNorm1d(channels_out)
        self.shortcut = nn.Conv1d(channels_in, channels_out, 1, bias=False)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x_BCS: Tensor) -> Tensor:
        y = functional.relu(self.first_norm(self.first(x_BCS)))
        y = self.second_norm(self.second(self.dropout(y)))
        shortcut = self.shortcut(functional.avg_pool1d(x_BCS, 2, ceil_mode=True))
        return functional.relu(y + shortcut)


class EcgTower(nn.Module):
    """Residual network with mean and maximum pooling over time and one linear head over findings."""

    def __init__(self, channels: tuple[int, ...], width: int, findings: int, dropout: float) -> None:
        super().__init__()
        self.lead_bias = nn.Linear(LEADS, channels[0])
        self.stem = nn.Conv1d(LEADS, channels[0], 15, stride=2, padding=7, bias=False)
        self.stem_norm = nn.BatchNorm1d(channels[0])
        self.blocks = nn.Sequential(*(Block(a, b, width, dropout) for a, b in pairwise(channels)))
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(2 * channels[-1], findings)

    def forward(self, x_BLS: Tensor, mask_BL: Tensor) -> TowerOutput:
        """Read x_BLS (millivolt, 250 Hz, absent leads zero) with mask_BL (1 where a lead is there)."""
        x = self.stem(x_BLS * mask_BL[:, :, None]) + self.lead_bias(mask_BL)[:, :, None]
        tokens_BDT = self.blocks(functional.relu(self.stem_norm(x)))
        summary_BD = torch.cat([tokens_BDT.mean(2), tokens_BDT.amax(2)], 1)
        logits_BF = self.head(self.dropout(summary_BD))
        tokens_BTD = functional.avg_pool1d(tokens_BDT, 2).transpose(1, 2)
        return TowerOutput(tokens_BTD, summary_BD, logits_BF)
