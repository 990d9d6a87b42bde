"""Flax linen: what the report says of it, shown in its own words; each section runs by itself."""

import pickle
import tempfile
from pathlib import Path

import flax
import jax
import jax.numpy as jnp
import numpy as np
import optax
import orbax.checkpoint
from flax import linen as nn
from flax.traverse_util import flatten_dict, unflatten_dict
from jax.tree_util import tree_flatten_with_path, tree_leaves, tree_map

key = jax.random.key(0)
x = jnp.array([[1.0, 2.0], [3.0, -1.0]])


def tied():
    """A network whose last two layers are one, and its variables."""
    same = nn.Dense(2)
    net = nn.Sequential([nn.Dense(2), same, same])
    return net, net.init(key, x)


def total(net):
    """A loss, of which gradients are taken."""
    return lambda variables: net.apply(variables, x).sum()


def with_kernel(variables, layer, kernel):
    """The variables with this kernel in a layer."""
    params = variables["params"]
    return {"params": {**params, layer: {**params[layer], "kernel": kernel}}}


# %% output: the output is what the parameters that are read say
net = nn.Sequential([nn.Dense(3), nn.relu, nn.Dense(1)])
params = (variables := net.init(key, x))["params"]
hidden = nn.relu(x @ params["layers_0"]["kernel"] + params["layers_0"]["bias"])
assert net.apply(variables, x).shape == (2, 1)
expected = hidden @ params["layers_2"]["kernel"] + params["layers_2"]["bias"]
assert jnp.allclose(net.apply(variables, x), expected)

# %% lazy: a module has no parameters; the first input, given to init, tells their widths
net = nn.Sequential([nn.Dense(3), nn.Dense(1)])
assert not net.bind({}).variables
variables = net.init(key, x)
assert variables["params"]["layers_0"]["kernel"].shape == (2, 3)
assert variables["params"]["layers_1"]["kernel"].shape == (3, 1)

# %% index: entries are reached as net.layers[i], also from the end; net[i] is a TypeError
first, inner = nn.Dense(2), nn.Dense(1)
net = nn.Sequential([first, nn.Sequential([nn.relu, inner])])
bound = net.bind(variables := net.init(key, x))
assert bound.layers[0].name == "layers_0" and bound.layers[1].layers[-1].name == "layers_1"
params = variables["params"]
changed = {"params": {**params, "layers_1": tree_map(lambda leaf: leaf + 1, params["layers_1"])}}
hidden = nn.relu(first.apply({"params": params["layers_0"]}, x))
other = inner.apply({"params": changed["params"]["layers_1"]["layers_1"]}, hidden)
assert jnp.allclose(net.apply(changed, x), other)
for refused, wanted in ((lambda: bound[0], TypeError), (lambda: bound.layers[2], IndexError)):
    try:
        refused()
    except wanted:
        continue
    raise AssertionError("it gives a layer")

# %% activation: an activation is an entry of its own
net = nn.Sequential([nn.Dense(2), nn.relu, nn.Dense(1)])
assert len(net.layers) == 3 and net.layers[1] is nn.relu

# %% two-parameters: a layer has kernel and bias, or the kernel alone; the kernel is (in, out)
params = nn.Dense(3).init(key, x)["params"]
assert {name: leaf.shape for name, leaf in params.items()} == {"kernel": (2, 3), "bias": (3,)}
assert list(nn.Dense(3, use_bias=False).init(key, x)["params"]) == ["kernel"]

# %% float32: parameters are float32 by default
assert {leaf.dtype for leaf in tree_leaves(nn.Dense(3).init(key, x))} == {jnp.dtype("float32")}

# %% names: paths are unique, follow the place, and are the same when built again
nets = [nn.Sequential([nn.Sequential([nn.Dense(1) for _ in range(103)])]) for _ in range(2)]
first, second = (flatten_dict(net.init(key, x[:, :1]), sep="/") for net in nets)
assert list(first) == list(second) and len(first) == 206
last = "params/layers_0/layers_102/bias"
block = nets[0].bind(unflatten_dict({**first, last: jnp.ones(1)}, sep="/"))
assert block.layers[0].layers[102].variables["params"]["bias"] == 1
assert block.layers[0].layers[101].variables["params"]["bias"] == 0

# %% walk: walking the layers by index meets the parameters that are listed
same = nn.Dense(2)
net = nn.Sequential([same, nn.Sequential([nn.Dense(2), same])])
bound = net.bind(variables := net.init(key, x))
layers = [bound.layers[0], *bound.layers[1].layers]
paths = {(*layer.path, name) for layer in layers for name in layer.variables["params"]}
assert paths == set(flatten_dict(variables["params"]))

# %% parameter: a parameter is an array; reading changes nothing, and what is read is read-only
params = nn.Dense(1).init(key, x)["params"]
assert isinstance(params["kernel"], jax.Array)
first, second = np.asarray(params["kernel"]), np.asarray(params["kernel"])
assert first.shape == (2, 1) and np.array_equal(first, second)
assert not first.flags.writeable

# %% gradient: it is right and of the parameter's shape; each backward pass returns a new one
net = nn.Dense(1)
variables = net.init(key, x)
first = jax.grad(total(net))(variables)["params"]
assert first["kernel"].shape == variables["params"]["kernel"].shape
assert jnp.array_equal(first["kernel"], x.sum(0)[:, None]) and first["bias"] == 2
second = jax.grad(lambda v: 2 * total(net)(v))(variables)["params"]
assert jnp.array_equal(second["kernel"], 2 * x.sum(0)[:, None])
assert jnp.array_equal(first["kernel"], x.sum(0)[:, None])

# %% listing: two for each layer, one without bias, none for activations, each layer once
same = nn.Dense(2)
net = nn.Sequential(
    [same, nn.relu, nn.Sequential([nn.Dense(3, use_bias=False)]), nn.Dense(2), same]
)
variables = net.init(key, x)
assert len(tree_leaves(variables)) == 2 + 1 + 2
assert sum(leaf.size for leaf in tree_leaves(variables)) == 6 + 6 + 8
own = net.bind(variables).layers[2].variables["params"]
assert flatten_dict(own).keys() == flatten_dict(variables["params"]["layers_2"]).keys()

# %% order: dictionaries are in the order of the layers, but flattening the tree sorts their names
net = nn.Sequential([nn.Dense(1) for _ in range(11)])
params = net.init(key, x)["params"]
assert list(params) == [f"layers_{number}" for number in range(11)]
assert list(params["layers_0"]) == ["kernel", "bias"]
flat = ["/".join(entry.key for entry in path) for path, _ in tree_flatten_with_path(params)[0]]
assert flat[:5] == [
    "layers_0/bias",
    "layers_0/kernel",
    "layers_1/bias",
    "layers_1/kernel",
    "layers_10/bias",
]

# %% summary: tabulate shows every layer, and the right total
net = nn.Sequential([nn.Dense(3), nn.Sequential([nn.Dense(1)])])
text = net.tabulate(key, x, console_kwargs={"width": 200})
assert text.count("Dense") == 2 and "Total Parameters: 13 " in text

# %% nested: a block changes neither output nor order, and its layers are reached by their path
layers = [nn.Dense(2), nn.Dense(2), nn.Dense(1)]
flat = nn.Sequential(layers)
net = nn.Sequential([layers[0], nn.Sequential([nn.Sequential([layers[1]]), layers[2]])])
there, here = flat.init(key, x), net.init(key, x)
shapes = [[leaf.shape for leaf in tree_leaves(variables)] for variables in (there, here)]
assert shapes[0] == shapes[1]
params = there["params"]
block = {"layers_0": {"layers_0": params["layers_1"]}, "layers_1": params["layers_2"]}
moved = {"params": {"layers_0": params["layers_0"], "layers_1": block}}
assert jax.tree_util.tree_structure(moved) == jax.tree_util.tree_structure(here)
assert jnp.array_equal(net.apply(moved, x), flat.apply(there, x))
order = [leaf.sum() for leaf in tree_leaves(moved)]
assert order == [leaf.sum() for leaf in tree_leaves(there)]
kernel = net.bind(moved).layers[1].layers[0].layers[0].variables["params"]["kernel"]
assert jnp.array_equal(kernel, params["layers_1"]["kernel"])


# %% factory: paths stay unique in blocks that one function makes, whether it names them or not
def block(name=None):
    return nn.Sequential([nn.Dense(2), nn.relu, nn.Dense(2)], name=name)


for names in ([None] * 4, [f"block_{number}" for number in range(4)]):
    net = nn.Sequential([block(name) for name in names])
    assert len(flatten_dict(net.init(key, x))) == 16


# %% users-block: a user's block has its inner parameters in its variables, output and gradients
class NestMLP(nn.Module):
    net: nn.Module
    linear: nn.Module

    def __call__(self, x):
        return self.linear(self.net(x))


net = nn.Sequential([NestMLP(nn.Sequential([nn.Dense(2), nn.relu]), nn.Dense(1))])
bound = net.bind(variables := net.init(key, x))
own = flatten_dict(bound.layers[0].variables["params"], sep="/")
assert set(own) == {f"{p}/{r}" for p in ("net/layers_0", "linear") for r in ("kernel", "bias")}
hidden = nn.relu(x @ own["net/layers_0/kernel"] + own["net/layers_0/bias"])
assert jnp.allclose(net.apply(variables, x), hidden @ own["linear/kernel"] + own["linear/bias"])
assert len(tree_leaves(jax.grad(total(net))(variables))) == 4

# %% init-default: kernels are LeCun's truncated normal of the input width, and biases zero
for width in (64, 256):
    params = nn.Dense(512).init(key, jnp.ones((1, width)))["params"]
    assert abs(params["kernel"].std() * width**0.5 - 1) < 0.02
    # The deviation before it is cut off at two of these.
    assert jnp.abs(params["kernel"]).max() <= 2 / 0.8796 / width**0.5
    assert not params["bias"].any()

# %% init-normal: a normal distribution gives a sample of it
layer = nn.Dense(200, kernel_init=nn.initializers.normal(0.01))
params = layer.init(key, jnp.ones((1, 200)))["params"]
assert abs(params["kernel"].std() - 0.01) < 0.0005 and abs(params["kernel"].mean()) < 0.0005
assert not params["bias"].any()

# %% init-constant: a constant is everywhere
params = nn.Dense(3, kernel_init=nn.initializers.constant(42.0)).init(key, x)["params"]
assert jnp.array_equal(params["kernel"], jnp.full((2, 3), 42.0)) and not params["bias"].any()

# %% init-per-block: an initialiser touches its own layer alone
inits = nn.initializers.xavier_uniform(), nn.initializers.constant(42.0)
net = nn.Sequential(
    [nn.Dense(64, kernel_init=inits[0]), nn.Dense(64, kernel_init=inits[1]), nn.Dense(64)]
)
default = nn.Sequential([nn.Dense(64) for _ in range(3)])
own, others = (made.init(key, jnp.ones((1, 64)))["params"] for made in (net, default))
assert 0.2 < jnp.abs(own["layers_0"]["kernel"]).max() <= (6 / 128) ** 0.5
assert jnp.array_equal(own["layers_1"]["kernel"], jnp.full((64, 64), 42.0))
assert jnp.array_equal(own["layers_2"]["kernel"], others["layers_2"]["kernel"])

# %% init-custom: an initialiser of one's own is called once per kernel, and its values are used
called = []


def custom(key, shape, dtype):
    called.append(shape)
    values = jax.random.uniform(key, shape, dtype, -10, 10)
    return values * (abs(values) >= 5)


net = nn.Sequential([nn.Dense(100, kernel_init=custom), nn.Dense(100, kernel_init=custom)])
params = net.init(key, jnp.ones((1, 100)))["params"]
assert called == [(100, 100)] * 2
for layer in params.values():
    kept = jnp.abs(layer["kernel"][layer["kernel"] != 0])
    assert kept.min() >= 5 and kept.max() <= 10 and 0.45 < kept.size / 100**2 < 0.55

# %% init-one-object: one initialiser draws for each layer that it is given to
one = nn.initializers.normal(1.0)
net = nn.Sequential([nn.Dense(2, kernel_init=one), nn.Dense(2, kernel_init=one)])
params = net.init(key, x)["params"]
assert not jnp.array_equal(params["layers_0"]["kernel"], params["layers_1"]["kernel"])

# %% seed: the same key gives the same parameters, and init with another key draws every one again
net = nn.Dense(2, bias_init=nn.initializers.normal(1.0))
first, again, other = (net.init(jax.random.key(seed), x)["params"] for seed in (1, 1, 2))
for name in ("kernel", "bias"):
    assert jnp.array_equal(first[name], again[name])
    assert not (first[name] == other[name]).any()

# %% assign: adding to a kernel, or setting an element, gives a new tree and leaves the old one
net = nn.Dense(1)
variables = net.init(key, x)
old = variables["params"]["kernel"]
new = old.at[:].add(1.0).at[0, 0].set(42.0)
changed = {"params": {**variables["params"], "kernel": new}}
assert jnp.array_equal(variables["params"]["kernel"], old) and old[0, 0] != 42
assert new[0, 0] == 42 and new[1, 0] == old[1, 0] + 1
assert jnp.allclose(net.apply(changed, x), x @ new + variables["params"]["bias"])

# %% tied: a module that is used again is one entry in the tree, applied at each use
net, variables = tied()
assert list(variables["params"]) == ["layers_0", "layers_1"]
bound = net.bind(variables)
assert bound.layers[1].path == bound.layers[2].path
changed = with_kernel(variables, "layers_1", jnp.array([[2.0, 0.0], [1.0, 3.0]]))
first, second = (changed["params"][name] for name in ("layers_0", "layers_1"))
hidden = x @ first["kernel"] + first["bias"]
for _ in range(2):
    hidden = hidden @ second["kernel"] + second["bias"]
assert jnp.allclose(net.apply(changed, x), hidden)
again = net.bind(changed).layers
assert jnp.array_equal(again[2].variables["params"]["kernel"], second["kernel"])
assert list(flax.serialization.to_state_dict(variables)["params"]) == ["layers_0", "layers_1"]

# %% tied-twice-listed: a layer that is added twice is listed twice
same = nn.Dense(2)
net = nn.Sequential([same, nn.relu, same])
assert len(net.layers) == 3 and net.layers[0] is net.layers[2]

# %% tied-gradient: the gradient of a tied kernel is the sum over its uses
net, variables = tied()
params = variables["params"]
apart = nn.Sequential([nn.Dense(2), nn.Dense(2), nn.Dense(2)])
gradients = jax.grad(total(net))(variables)["params"]
separate = jax.grad(total(apart))({"params": {**params, "layers_2": params["layers_1"]}})["params"]
both = separate["layers_1"]["kernel"] + separate["layers_2"]["kernel"]
assert jnp.allclose(gradients["layers_1"]["kernel"], both)

# %% untied: layers that merely start equal stay apart
net = nn.Sequential([nn.Dense(2), nn.Dense(2)])
layer = net.init(key, x)["params"]["layers_0"]
variables = {"params": {"layers_0": layer, "layers_1": layer}}
changed = with_kernel(variables, "layers_0", layer["kernel"] + 1)
assert jnp.array_equal(changed["params"]["layers_1"]["kernel"], layer["kernel"])
optimizer = optax.sgd(0.5)
updates, _ = optimizer.update(jax.grad(total(net))(variables), optimizer.init(variables))
params = optax.apply_updates(variables, updates)["params"]
assert not jnp.array_equal(params["layers_0"]["kernel"], params["layers_1"]["kernel"])

# %% tied-many: four uses, across levels, and a second group of ties
a, b = nn.Dense(2), nn.Dense(2)
net = nn.Sequential([a, nn.Sequential([a, b, nn.Sequential([a])]), b, a])
variables = net.init(key, x)
assert len(tree_leaves(variables)) == 4
first = variables["params"]["layers_0"]
second = variables["params"]["layers_2"]
order = [first, first, second, first, second, first]
apart = nn.Sequential([nn.Dense(2) for _ in order])
separate = {"params": {f"layers_{i}": layer for i, layer in enumerate(order)}}
assert jnp.allclose(net.apply(variables, x), apart.apply(separate, x))
gradients = jax.grad(total(net))(variables)["params"]
shares = jax.grad(total(apart))(separate)["params"]
summed = sum(shares[f"layers_{use}"]["kernel"] for use in (0, 1, 3, 5))
assert jnp.allclose(gradients["layers_0"]["kernel"], summed)
summed = shares["layers_2"]["kernel"] + shares["layers_4"]["kernel"]
assert jnp.allclose(gradients["layers_2"]["kernel"], summed)

# %% tied-training: a step moves a tied kernel once, by the summed gradient, and it stays one
net, variables = tied()
optimizer = optax.sgd(0.5)
gradients = jax.grad(total(net))(variables)
updates, _ = optimizer.update(gradients, optimizer.init(variables))
after = optax.apply_updates(variables, updates)["params"]
moved = variables["params"]["layers_1"]["kernel"] - 0.5 * gradients["params"]["layers_1"]["kernel"]
assert list(after) == ["layers_0", "layers_1"]
assert jnp.allclose(after["layers_1"]["kernel"], moved)

# %% tied-copy: a copied tree computes the same, is tied, and is apart from the original
net, variables = tied()
twin = tree_map(jnp.copy, variables)
assert jnp.array_equal(net.apply(twin, x), net.apply(variables, x))
assert list(twin["params"]) == ["layers_0", "layers_1"]
before = variables["params"]["layers_1"]["kernel"]
twin["params"]["layers_1"]["kernel"] = before + 1
assert jnp.array_equal(variables["params"]["layers_1"]["kernel"], before)

# %% tied-pickle: a module with the default initialiser cannot be pickled; with another one it can
net, variables = tied()
try:
    pickle.dumps(net)
except (AttributeError, pickle.PicklingError) as error:
    refused = str(error)
assert "variance_scaling" in refused
pickle.dumps(nn.Dense(2, kernel_init=nn.initializers.zeros_init()))

# %% tied-saved: variables that were saved and loaded are tied, in each format
net, variables = tied()
other = net.init(jax.random.key(1), x)
saved = flax.serialization.from_bytes(other, flax.serialization.to_bytes(variables))
with tempfile.TemporaryDirectory() as folder:
    with orbax.checkpoint.StandardCheckpointer() as checkpointer:
        checkpointer.save(f"{folder}/model", variables)
    with orbax.checkpoint.StandardCheckpointer() as checkpointer:
        restored = checkpointer.restore(f"{folder}/model", other)
for loaded in (saved, restored):
    assert list(loaded["params"]) == ["layers_0", "layers_1"]
    assert jnp.array_equal(net.apply(loaded, x), net.apply(variables, x))

# %% tied-cast: after a change of number type, and back, the module is one entry still
net, variables = tied()
half = tree_map(lambda leaf: leaf.astype("float16"), variables)
assert half["params"]["layers_1"]["kernel"].dtype == jnp.float16
back = tree_map(lambda leaf: leaf.astype("float32"), half)
assert list(back["params"]) == ["layers_0", "layers_1"]
assert jnp.allclose(net.apply(back, x), net.apply(variables, x), atol=0.02)

# %% tied-again: after initialising again the module is one entry still
net, variables = tied()
again = net.init(jax.random.key(1), x)["params"]
assert list(again) == ["layers_0", "layers_1"]
assert not (again["layers_1"]["kernel"] == variables["params"]["layers_1"]["kernel"]).any()


# %% embedding: an embedding whose matrix also decodes is one parameter, its gradient of both uses
class Tied(nn.Module):
    @nn.compact
    def __call__(self, tokens):
        encoder = nn.Embed(3, 2)
        return encoder.attend(encoder(tokens))


tokens = jnp.array([0, 2, 2])
variables = Tied().init(key, tokens)
(matrix,) = tree_leaves(variables)
assert jnp.allclose(Tied().apply(variables, tokens), matrix[tokens] @ matrix.T)
(gradient,) = tree_leaves(jax.grad(lambda v: Tied().apply(v, tokens).sum())(variables))
encoding = jnp.array([[1.0], [0.0], [2.0]]) * matrix.sum(0)
assert jnp.allclose(gradient, matrix[tokens].sum(0) + encoding)


# %% save: saving and loading gives back every value bit for bit, of a user's block too
class Doubled(nn.Module):
    linear: nn.Module

    def __call__(self, x):
        return 2 * self.linear(x)


net = nn.Sequential(
    [nn.Dense(2), nn.Sequential([nn.Dense(2, use_bias=False)]), Doubled(nn.Dense(1))]
)
variables, other = (net.init(jax.random.key(seed), x) for seed in (0, 1))
saved = flax.serialization.from_bytes(other, flax.serialization.to_bytes(variables))
with tempfile.TemporaryDirectory() as folder:
    with orbax.checkpoint.StandardCheckpointer() as checkpointer:
        checkpointer.save(f"{folder}/model", variables)
    with orbax.checkpoint.StandardCheckpointer() as checkpointer:
        restored = checkpointer.restore(f"{folder}/model", other)
for loaded in (saved, restored):
    assert tree_leaves(tree_map(np.array_equal, loaded, variables)) == [True] * 5
    assert jnp.array_equal(net.apply(loaded, x), net.apply(variables, x))

# %% partial: the first layers' parameters are carried over, and the rest stays
source, target = nn.Sequential([nn.Dense(2)]), nn.Sequential([nn.Dense(2), nn.Dense(1)])
given, taken = source.init(key, x), target.init(jax.random.key(1), x)
carried = {"params": {**taken["params"], "layers_0": given["params"]["layers_0"]}}
rest = taken["params"]["layers_1"]
expected = source.apply(given, x) @ rest["kernel"] + rest["bias"]
assert jnp.allclose(target.apply(carried, x), expected)

# %% misfit: a file without a layer, or with an extra one, is refused and changes nothing
net = nn.Sequential([nn.Dense(2), nn.Dense(3)])
variables = net.init(key, x)
before = tree_map(np.array, variables)
heads = {"missing": [nn.Dense(2)], "extra": [nn.Dense(2), nn.Dense(3), nn.Dense(1)]}
for what, head in heads.items():
    foreign = nn.Sequential(head).init(key, x)
    if what == "missing":
        try:
            flax.serialization.from_bytes(variables, flax.serialization.to_bytes(foreign))
        except ValueError:
            assert tree_leaves(tree_map(np.array_equal, variables, before)) == [True] * 4
        else:
            raise AssertionError("bytes without a layer are loaded")
    with tempfile.TemporaryDirectory() as folder:
        with orbax.checkpoint.StandardCheckpointer() as checkpointer:
            checkpointer.save(f"{folder}/model", foreign)
        try:
            with orbax.checkpoint.StandardCheckpointer() as checkpointer:
                checkpointer.restore(f"{folder}/model", variables)
        except (ValueError, KeyError):
            assert tree_leaves(tree_map(np.array_equal, variables, before)) == [True] * 4
            continue
    raise AssertionError("a checkpoint that does not fit is loaded")

# %% misfit-in-shape: a checkpoint with another shape is refused and changes nothing
net = nn.Sequential([nn.Dense(2), nn.Dense(3)])
variables = net.init(key, x)
before = tree_map(np.array, variables)
foreign = nn.Sequential([nn.Dense(2), nn.Dense(4)]).init(key, x)
with tempfile.TemporaryDirectory() as folder:
    with orbax.checkpoint.StandardCheckpointer() as checkpointer:
        checkpointer.save(f"{folder}/model", foreign)
    try:
        with orbax.checkpoint.StandardCheckpointer() as checkpointer:
            checkpointer.restore(f"{folder}/model", variables)
    except ValueError:
        assert tree_leaves(tree_map(np.array_equal, variables, before)) == [True] * 4
    else:
        raise AssertionError("a checkpoint of another shape is loaded")

# %% truncated: bytes, or a checkpoint, that were cut short are refused and change nothing
net = nn.Dense(20)
variables = net.init(key, x)
before = tree_map(np.array, variables)
data = flax.serialization.to_bytes(variables)
with tempfile.TemporaryDirectory() as folder:
    with orbax.checkpoint.StandardCheckpointer() as checkpointer:
        checkpointer.save(f"{folder}/model", variables)
    for file in Path(folder).rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    for form in ("bytes", "checkpoint"):
        try:
            if form == "bytes":
                flax.serialization.from_bytes(variables, data[: len(data) // 2])
            else:
                with orbax.checkpoint.StandardCheckpointer() as checkpointer:
                    checkpointer.restore(f"{folder}/model", variables)
        except (ValueError, KeyError):
            assert tree_leaves(tree_map(np.array_equal, variables, before)) == [True] * 2
            continue
        raise AssertionError(f"{form} that were cut short are loaded")

# %% step: a step of plain SGD takes the learning rate times the gradient off every parameter
net = nn.Sequential([nn.Dense(2), nn.Dense(1, use_bias=False)])
variables = net.init(key, x)
optimizer = optax.sgd(0.5)
gradients = jax.grad(total(net))(variables)
updates, _ = optimizer.update(gradients, optimizer.init(variables))
after = optax.apply_updates(variables, updates)
expected = tree_map(lambda value, slope: value - 0.5 * slope, variables, gradients)
assert all(tree_leaves(tree_map(np.allclose, after, expected)))

# %% train-shared: training with a shared layer can be followed step by step, and the loss falls
same = nn.Dense(2)
net = nn.Sequential([same, same, nn.Dense(1)])
variables = net.init(key, x)
loss = jax.value_and_grad(lambda v: ((net.apply(v, x) - 1) ** 2).mean())
optimizer = optax.sgd(0.01)
losses = []
for _ in range(4):
    value, gradients = loss(variables)
    updates, _ = optimizer.update(gradients, optimizer.init(variables))
    before, variables = variables, optax.apply_updates(variables, updates)
    expected = tree_map(lambda value, slope: value - 0.01 * slope, before, gradients)
    assert all(tree_leaves(tree_map(np.allclose, variables, expected)))
    assert list(variables["params"]) == ["layers_0", "layers_2"]
    losses.append(value.item())
assert losses == sorted(losses, reverse=True)

# %% saving: a layer that is used three times costs what it costs once
same = nn.Dense(2)
nets = nn.Sequential([same, same, same]), nn.Sequential([nn.Dense(2) for _ in range(3)])
counts = [sum(leaf.size for leaf in tree_leaves(net.init(key, x))) for net in nets]
assert counts == [6, 18]

# %% export: the state dictionary has every parameter bit for bit, and nothing else
net = nn.Sequential([nn.Dense(2), nn.Sequential([nn.Dense(1, use_bias=False)])])
variables = net.init(key, x)
state = flatten_dict(flax.serialization.to_state_dict(variables), sep="/")
own = flatten_dict(variables, sep="/")
assert state.keys() == own.keys() and len(own) == 3
assert all(np.array_equal(state[name], own[name]) for name in own)

# %% from-numpy: parameters from elsewhere give the outputs and gradients that NumPy computes
w, v = np.array([[1.0, 3.0], [-2.0, 1.0]], "float32"), np.array([[2.0], [1.0]], "float32")
net = nn.Sequential([nn.Dense(2, use_bias=False), nn.relu, nn.Dense(1, use_bias=False)])
variables = {"params": {"layers_0": {"kernel": w}, "layers_2": {"kernel": v}}}
hidden = np.maximum(np.asarray(x) @ w, 0)
assert np.array_equal(net.apply(variables, x), hidden @ v)
slopes = jax.grad(total(net))(variables)["params"]
assert np.array_equal(slopes["layers_2"]["kernel"], hidden.sum(0)[:, None])
assert np.array_equal(slopes["layers_0"]["kernel"], np.asarray(x).T @ ((hidden > 0) * v.T))

# %% one-layer: the variables of a layer or block are its part of the network's
net = nn.Sequential([nn.Dense(2), nn.Sequential([nn.Dense(2), nn.Dense(1)])])
bound = net.bind(variables := net.init(key, x))
for index in range(2):
    own, part = bound.layers[index].variables["params"], variables["params"][f"layers_{index}"]
    assert tree_flatten_with_path(own)[1] == tree_flatten_with_path(part)[1]
    assert all(tree_leaves(tree_map(np.array_equal, own, part)))
