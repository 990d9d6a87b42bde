"""MXNet: once a layer's weight is frozen, backward passes leave its bias's gradient as it was."""

from mxnet import autograd, np, npx
from mxnet.gluon import nn

npx.set_np()
layer = nn.Dense(2, in_units=3)
layer.initialize()
layer.weight.grad_req = "null"
assert layer.bias.grad_req == "write"
layer.bias.grad()[:] = 7
with autograd.record():
    y = layer(np.ones((1, 3)))
y.backward()
assert layer.bias.grad().asnumpy().tolist() == [7, 7]  # and not [1, 1]
