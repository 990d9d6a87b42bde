"""What the faults in MXNet's Gluon share."""

from __future__ import annotations

import tempfile
from typing import Any

from mxnet import autograd, np
from mxnet.gluon import nn

from paramlaws.faults.fault import Fault


class InMXNet(Fault):
    """A fault in MXNet."""

    suite = "mxnet"


def started(*blocks: Any) -> Any:
    """A container of these blocks, with values."""
    net = nn.Sequential()
    net.add(*blocks)
    net.initialize()
    net(np.ones((2, 2)))
    return net


def network(*widths: int) -> Any:
    """Dense layers of these widths."""
    return started(*(nn.Dense(width) for width in widths))


def sharing() -> Any:
    """One layer, twice."""
    layer = nn.Dense(2, in_units=2)
    return started(layer, layer)


def bias_gradient(net: Any, times: int = 1) -> Any:
    """The first bias's gradient of the sum of the outputs, after so many backward passes."""
    for _ in range(times):
        with autograd.record():
            y = net(np.ones((1, 2)))
        y.backward()
    return next(p for p in net.collect_params().values() if "bias" in p.name).grad().asnumpy()


def loaded_into(net: Any, other: Any) -> Any:
    """The other network, with what a file of the first one holds."""
    with tempfile.TemporaryDirectory() as folder:
        net.save_parameters(f"{folder}/p")
        other.load_parameters(f"{folder}/p")
    return other
