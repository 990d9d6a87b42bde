"""MXNet: with NumPy arrays, what collect_params() gives cannot be saved; the block can."""

import tempfile

from mxnet import npx
from mxnet.gluon import nn

npx.set_np()
layer = nn.Dense(1, in_units=1)
layer.initialize()
with tempfile.TemporaryDirectory() as folder:
    layer.save_parameters(f"{folder}/layer.params")
    try:
        layer.collect_params().save(f"{folder}/dict.params")
    except TypeError as error:
        refused = "cannot save mxnet.numpy.ndarray" in str(error)
assert refused
