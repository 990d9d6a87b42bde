"""PyTorch 2.13: two lazily shaped layers cannot share just their weight."""

import torch
from torch import nn

first, second = nn.LazyLinear(1), nn.LazyLinear(1)
second.weight = first.weight

try:
    nn.Sequential(first, second)(torch.ones(1, 1))
except AttributeError as error:
    assert "materialize" in str(error)
else:
    raise AssertionError("sharing one parameter of a lazy layer works now")

# With the bias shared as well there is nothing left to materialise, and it works.
first, second = nn.LazyLinear(1), nn.LazyLinear(1)
second.weight, second.bias = first.weight, first.bias
nn.Sequential(first, second)(torch.ones(1, 1))
assert second.weight is first.weight
