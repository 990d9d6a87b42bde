"""Counterexamples as scripts in a framework's own code, which need nothing of this project.

A script builds the network, runs it forwards and backwards, and prints what there is to see; what a
claim does beyond that is for its reader to add.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from paramlaws.specs import values
from paramlaws.specs.architecture import Dense
from paramlaws.specs.example import Example
from paramlaws.suites.building import assemble

#: (name, description, input width or None, names of earlier layers whose parameters it is to hold)
#: -> the statements that make the layer of that name.
Layer = Callable[[str, Dense, "int | None", Mapping[str, str]], Sequence[str]]


@dataclass(frozen=True)
class Spelling:
    """How a framework spells a network.

    container: from the entries' expressions to that of the container.
    outermost: from that of the container and the input width, or None, to that of the network.
    then: what is done with `net` and `x`.
    """

    imports: str
    layer: Layer
    container: str
    activation: str
    fused: bool
    outermost: str
    then: str


def _torch(name: str, dense: Dense, fan_in: int | None, ties: Mapping[str, str]) -> Sequence[str]:
    kind = "nn.LazyLinear(" if fan_in is None else f"nn.Linear({fan_in}, "
    tied = [f"{name}.{role} = {holder}.{role}" for role, holder in ties.items()]
    return [f"{name} = {kind}{dense.units}, bias={dense.bias})", *tied]


def _keras(name: str, dense: Dense, fan_in: int | None, ties: Mapping[str, str]) -> Sequence[str]:
    options = f"activation={dense.activation!r}, use_bias={dense.bias}"
    return [f"{name} = keras.layers.Dense({dense.units}, {options})"]


def _flax(name: str, dense: Dense, fan_in: int | None, ties: Mapping[str, str]) -> Sequence[str]:
    return [f"{name} = nn.Dense({dense.units}, use_bias={dense.bias})"]


def _gluon(name: str, dense: Dense, fan_in: int | None, ties: Mapping[str, str]) -> Sequence[str]:
    options = f"activation={dense.activation!r}, use_bias={dense.bias}, in_units={fan_in or 0}"
    params = f", params={ties['weight']}.params" if "weight" in ties else ""
    return [f"{name} = nn.Dense({dense.units}, {options}{params})"]


_KERAS = Spelling(
    "import keras\nimport numpy as np\nimport tensorflow as tf",
    _keras,
    "keras.Sequential([{}])",
    "keras.layers.Activation({!r})",
    True,
    "keras.Sequential([{input}{entries}])",
    """with tf.GradientTape() as tape:
    y = net(tf.constant(x))
print("output", y.numpy())
for weight, slope in zip(net.weights, tape.gradient(y, net.weights, tf.constant(slope))):
    print(weight.name, weight.numpy(), "gradient", slope.numpy())""",
)
SPELLINGS = {
    "pytorch": Spelling(
        "import numpy as np\nimport torch\nfrom torch import nn",
        _torch,
        "nn.Sequential({})",
        "nn.ReLU()",
        False,
        "nn.Sequential({entries})",
        """y = net(torch.tensor(x))
y.backward(torch.tensor(slope))
print("output", y.detach().numpy())
for name, parameter in net.named_parameters():
    print(name, parameter.detach().numpy(), "gradient", parameter.grad)""",
    ),
    "tensorflow": _KERAS,
    "tensorflow-keras2": _KERAS,
    "jax": Spelling(
        "import jax\nimport jax.numpy as jnp\nimport numpy as np\nfrom flax import linen as nn",
        _flax,
        "nn.Sequential([{}])",
        "nn.relu",
        False,
        "nn.Sequential([{entries}])",
        """params = net.init(jax.random.key(0), jnp.asarray(x))
y, backward = jax.vjp(lambda p: net.apply(p, jnp.asarray(x)), params)
print("output", y)
print("parameters", params)
print("gradients", *backward(jnp.asarray(slope)))""",
    ),
    "mxnet": Spelling(
        "import numpy\nfrom mxnet import autograd, np, npx\nfrom mxnet.gluon import nn\n\n"
        "npx.set_np()\n\n\n"
        "def sequential(*blocks):\n    made = nn.Sequential()\n    made.add(*blocks)\n"
        "    return made\n\n",
        _gluon,
        "sequential({})",
        "nn.Activation({!r})",
        True,
        "sequential({entries})",
        """net.initialize()
with autograd.record():
    y = net(np.array(x))
y.backward(np.array(slope))
print("output", y)
for name, parameter in net.collect_params().items():
    print(name, parameter.data(), "gradient", parameter.grad())""",
    ),
}


def script(suite: str, example: Example) -> str | None:
    """The example in the framework's own words; None for a suite whose spelling is not known."""
    spelling = SPELLINGS.get(suite)
    net = example.architecture
    if spelling is None or any(use.dense.init for use in net.uses):
        return None
    statements: list[str] = []
    count = 0

    def layer(dense: Dense, fan_in: int | None, ties: Mapping[str, str]) -> str:
        nonlocal count
        count += 1
        name = f"layer{count}"
        statements.extend(spelling.layer(name, dense, fan_in, ties))
        return name

    def container(entries: Sequence[str]) -> str:
        return spelling.container.format(", ".join(entries))

    def outermost(entries: Sequence[str]) -> str:
        given = "" if net.lazy else f"keras.Input(({net.inputs},)), "
        return spelling.outermost.format(entries=", ".join(entries), input=given)

    built = assemble(
        net,
        dense=layer,
        container=container,
        activation=spelling.activation.format,
        fused=spelling.fused,
        outermost=outermost,
        written=lambda inner, last: container([inner, last]),
        named=lambda entries, names, own: container(entries),
    )
    x = values.inputs(net, example.rows, example.seed).tolist()
    slope = values.cotangent(net, example.rows, example.seed).tolist()
    numpy = "numpy" if "import numpy\n" in spelling.imports else "np"
    return "\n".join(
        [
            spelling.imports,
            "",
            *statements,
            f"net = {built}",
            f'x = {numpy}.array({x}, "float32")',
            f'slope = {numpy}.array({slope}, "float32")  # of the loss, by the output',
            spelling.then,
            "",
        ]
    )
