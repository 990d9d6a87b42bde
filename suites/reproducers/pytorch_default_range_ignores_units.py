"""PyTorch: the range of default weights and biases depends on the input width only."""

import torch
from torch import nn

torch.manual_seed(0)
for units in (64, 4096):
    layer = nn.Linear(256, units)
    limit = 256**-0.5
    assert 0.99 * limit < layer.weight.abs().max() <= limit
    assert 0.9 * limit < layer.bias.abs().max() <= limit
