"""PyTorch: a row that is written into a weight's data is broadcast to all rows."""

import torch
from torch import nn

layer = nn.Linear(1, 2)
layer.weight.data[...] = torch.tensor([[5.0]])
assert layer.weight.tolist() == [[5.0], [5.0]]

try:
    layer.weight.data[...] = torch.ones(3, 1)
except RuntimeError as error:
    assert "expanded size" in str(error)
else:
    raise AssertionError("three rows for two are accepted now")
