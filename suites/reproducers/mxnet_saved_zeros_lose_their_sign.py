"""MXNet 1.7: what is saved as -0.0 is loaded as 0.0."""

import tempfile

from mxnet import np, npx
from mxnet.gluon import nn

npx.set_np()
layer = nn.Dense(1, in_units=1)
layer.initialize()
layer.bias.set_data(np.array([-0.0]))
assert np.signbit(layer.bias.data())[0]
with tempfile.TemporaryDirectory() as folder:
    layer.save_parameters(f"{folder}/layer.params")
    saved = npx.load(f"{folder}/layer.params")
assert saved["bias"][0] == 0 and not np.signbit(saved["bias"])[0]
