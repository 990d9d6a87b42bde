"""MXNet: set_data inside of autograd.record() is refused; inside of autograd.pause() it works."""

import mxnet as mx
from mxnet import autograd, np, npx
from mxnet.gluon import nn

npx.set_np()
layer = nn.Dense(1, in_units=1)
layer.initialize()
with autograd.record():
    try:
        layer.weight.set_data(np.ones((1, 1)))
    except mx.MXNetError as error:
        refused = "already in a computational graph" in str(error)
    with autograd.pause():
        layer.weight.set_data(np.ones((1, 1)))
assert refused
assert layer.weight.data().asnumpy() == 1
