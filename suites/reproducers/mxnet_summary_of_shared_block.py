"""MXNet 1.9: the summary of a network that has a block twice shows it four times."""

from contextlib import redirect_stdout
from io import StringIO

from mxnet import np, npx
from mxnet.gluon import nn

npx.set_np()
shared = nn.Dense(1)
net = nn.Sequential()
net.add(shared, shared)
net.initialize()
x = np.ones((1, 1))
net(x)
with redirect_stdout(StringIO()) as printed:
    net.summary(x)
assert printed.getvalue().count("Dense-") == 4
