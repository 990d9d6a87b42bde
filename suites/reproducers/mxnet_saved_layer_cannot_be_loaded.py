"""MXNet: with NumPy arrays, the saved parameters of a layer cannot be loaded; a container's can."""

import tempfile

from mxnet import npx
from mxnet.gluon import nn

npx.set_np()
layer, net = nn.Dense(1, in_units=1), nn.Sequential()
net.add(nn.Dense(1, in_units=1))
with tempfile.TemporaryDirectory() as folder:
    for block in (layer, net):
        block.initialize()
        block.save_parameters(f"{folder}/block.params")
        try:
            block.load_parameters(f"{folder}/block.params")
        except TypeError as error:
            assert block is layer
            refused = "Cannot assign mx.nd.NDArray" in str(error)
assert refused
