"""MXNet with Gluon: what the report says of it, in its own words; each section runs by itself."""

import copy
import pickle
import tempfile
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import mxnet as mx
import numpy
from mxnet import autograd, gluon, np, npx
from mxnet.gluon import nn

npx.set_np()
x = np.array([[1.0, 2.0], [3.0, -1.0]])


def sequential(*blocks):
    """A container of blocks, with initial values."""
    net = nn.Sequential()
    net.add(*blocks)
    net.initialize()
    net(x)
    return net


def backward(net):
    """A backward pass for the sum of the outputs."""
    with autograd.record():
        y = net(x).sum()
    y.backward()


def step(net):
    """A step of plain SGD at the rate 0.5."""
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.5})
    backward(net)
    trainer.step(batch_size=1)


def tied():
    """A network for both ways of tying its last two layers."""
    same, one = nn.Dense(2, in_units=2), nn.Dense(2, in_units=2)
    bound = nn.Dense(2, in_units=2, params=one.params)
    return [sequential(nn.Dense(2), *pair) for pair in ((same, same), (one, bound))]


def is_tied(net):
    """Whether what is written through one of the last two layers is read through the other."""
    net[1].weight.set_data(np.full((2, 2), 7.0))
    return (net[2].weight.data() == 7).all() and len(net.collect_params().keys()) == 4


# %% output: the output is what the parameters that are read say
net = sequential(nn.Dense(3, activation="relu"), nn.Dense(1))
hidden = npx.relu(np.dot(x, net[0].weight.data().T) + net[0].bias.data())
assert net(x).shape == (2, 1)
expected = np.dot(hidden, net[1].weight.data().T) + net[1].bias.data()
assert numpy.allclose(net(x).asnumpy(), expected.asnumpy())

# %% lazy: before the first input, a weight knows its output width only
layer = nn.Dense(3)
layer.initialize()
assert layer.weight.shape == (3, -1)
layer(x)
assert layer.weight.shape == (3, 2)

# %% index: net[i] is the i-th entry, also in blocks; -1 is the last; beyond the end is an error
first, inner, block = nn.Dense(2), nn.Dense(1), nn.Sequential()
block.add(nn.Activation("relu"), inner)
net = sequential(first, block)
assert net[0] is first and net[1][1] is inner and net[-1][-1] is inner
before = net(x)
net[1][1].bias.set_data(net[1][1].bias.data() + 1)
assert numpy.allclose(net(x).asnumpy(), before.asnumpy() + 1)
for beyond in (2, -3):
    try:
        net[beyond]
    except IndexError:
        continue
    raise AssertionError("an index beyond the end gives a layer")

# %% activation: an activation that is an option takes no index; one that is a layer does
net = sequential(nn.Dense(2, activation="relu"), nn.Activation("relu"), nn.Dense(1))
assert len(net) == 3 and isinstance(net[1], nn.Activation) and isinstance(net[2], nn.Dense)

# %% two-parameters: a layer has weight and bias, or the weight alone; the weight is (out, in)
layer, bare = nn.Dense(3, in_units=2), nn.Dense(3, use_bias=False)
shapes = [(name.split("_")[-1], own.shape) for name, own in layer.collect_params().items()]
assert shapes == [("weight", (3, 2)), ("bias", (3,))]
assert [name.split("_")[-1] for name in bare.collect_params()] == ["weight"]

# %% float32: parameters are float32 by default
layer = sequential(nn.Dense(3))
for own in layer.collect_params().values():
    assert own.data().asnumpy().dtype == numpy.float32

# %% names: qualified names are unique and follow a number that keeps counting
x = x[:, :1]
first, second = (sequential(*(nn.Dense(1) for _ in range(200))) for _ in range(2))
names = [list(net.collect_params()) for net in (first, second)]
assert len(set(names[0])) == 400 and not set(names[0]) & set(names[1])
start = int(names[0][0].removeprefix("dense").removesuffix("_weight"))
first[102].bias.set_data(np.array([5.0]))
values = {name: own.data().item() for name, own in first.collect_params().items()}
assert [name for name, value in values.items() if value == 5] == [f"dense{start + 102}_bias"]

# %% walk: walking the layers by index meets the parameters that are listed
same, block = nn.Dense(2), nn.Sequential()
block.add(nn.Dense(2), same)
net = sequential(same, block)
walked = [own for layer in (net[0], *net[1]) for own in layer.collect_params().values()]
assert {id(own) for own in walked} == {id(own) for own in net.collect_params().values()}

# %% parameter: a parameter is an object that holds a value and a gradient
layer = nn.Dense(1)
layer.initialize()
layer(x)
assert isinstance(layer.weight, gluon.Parameter)
assert layer.weight.data().shape == layer.weight.grad().shape == (1, 2)

# %% read: reading gives an array and changes nothing; writing into the array changes a copy
layer = sequential(nn.Dense(1))[0]
first, second = (layer.weight.data().asnumpy() for _ in range(2))
assert first.dtype == numpy.float32 and first.shape == (1, 2)
assert numpy.array_equal(first, second)
first[:] = 9.0
assert numpy.array_equal(layer.weight.data().asnumpy(), second)

# %% gradient: it is zeros, then the right one of the parameter's shape; a second one overwrites it
net = sequential(nn.Dense(1))
layer = net[0]
assert not layer.weight.grad().any() and not layer.bias.grad().any()
backward(net)
assert layer.weight.grad().shape == layer.weight.shape
assert (layer.weight.grad() == x.sum(0)).all() and layer.bias.grad() == 2
with autograd.record():
    y = 2 * net(x).sum()
y.backward()
assert (layer.weight.grad() == 2 * x.sum(0)).all()

# %% reset: zero_grad leaves zeros
net = sequential(nn.Dense(1))
backward(net)
net.collect_params().zero_grad()
assert not net[0].weight.grad().any()

# %% frozen: a frozen layer has no gradient and does not move, while another one does
net = sequential(nn.Dense(2), nn.Dense(1))
net[0].collect_params().setattr("grad_req", "null")
frozen, other = net[0].weight.data().copy(), net[1].bias.data().copy()
step(net)
assert (net[0].weight.data() == frozen).all()
assert net[1].bias.data() == other - 0.5 * 2
try:
    net[0].weight.grad()
except RuntimeError as error:
    refused = str(error)
assert "grad_req='null'" in refused

# %% listing: two for each layer, one without bias, none for activations, each layer once, in order
same, block = nn.Dense(2), nn.Sequential()
block.add(same, nn.Dense(3, use_bias=False))
net = sequential(same, nn.Activation("relu"), block)
listed = list(net.collect_params().values())
assert listed == [same.weight, same.bias, block[1].weight]
assert sum(own.data().size for own in listed) == 4 + 2 + 6
assert list(net[2].collect_params().values()) == listed
assert list(net[2][1].collect_params().values()) == [block[1].weight]

# %% summary: summary shows every layer, and the right total
block = nn.Sequential()
block.add(nn.Dense(1))
net = sequential(nn.Dense(3), block)
with redirect_stdout(StringIO()) as printed:
    net.summary(x)
lines = printed.getvalue().splitlines()
assert sum("Dense" in line for line in lines) == 2
assert [line.split()[-1] for line in lines if "Unique parameters" in line] == ["13"]

# %% nested: a block changes neither output nor order, and a path of indices reaches the same place
layers = [nn.Dense(2), nn.Dense(2), nn.Dense(1)]
inner, block = nn.Sequential(), nn.Sequential()
inner.add(layers[1])
block.add(inner, layers[2])
flat, net = nn.Sequential(), nn.Sequential()
flat.add(*layers)
net.add(layers[0], block)
net.initialize()
assert (net(x) == flat(x)).all()
assert list(net.collect_params()) == list(flat.collect_params())
net[1][0][0].weight.set_data(np.full((2, 2), 3.0))
assert (flat[1].weight.data() == 3).all() and (net(x) == flat(x)).all()


# %% factory: names stay unique in blocks that one function makes, whether it names them or not
def made(prefix=None):
    block = nn.Sequential(prefix=prefix)
    block.add(nn.Dense(2, activation="relu"), nn.Dense(2))
    return block


for prefixes in ([None] * 4, [f"block{number}_" for number in range(4)]):
    net = sequential(*(made(prefix) for prefix in prefixes))
    assert len(net.collect_params().keys()) == 16


# %% users-block: a user's block has its inner parameters in its listing, the output and gradients
class NestMLP(nn.Block):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential()
        self.net.add(nn.Dense(2, activation="relu"))
        self.linear = nn.Dense(1)

    def forward(self, x):
        return self.linear(self.net(x))


net = sequential(NestMLP())
block = net[0]
inner = [block.net[0].weight, block.net[0].bias, block.linear.weight, block.linear.bias]
assert list(block.collect_params().values()) == list(net.collect_params().values()) == inner
assert len(net.collect_params().keys()) == 4
assert (net(x) == block.linear(block.net[0](x))).all()
backward(net)
assert (block.linear.bias.grad() == 2).all()
assert (block.linear.weight.grad() == block.net[0](x).sum(0)).all()

# %% init-default: weights are uniform on [-0.07, 0.07], whatever the widths, and biases zero
for width in (64, 512):
    layer = nn.Dense(512, in_units=width)
    layer.initialize()
    weight = layer.weight.data().asnumpy()
    assert 0.0699 < abs(weight).max() <= 0.07
    assert abs(weight.std() - 0.07 / 3**0.5) < 0.0005
    assert not layer.bias.data().any()

# %% init-normal: a normal distribution gives a sample of it
layer = nn.Dense(200, in_units=200)
layer.initialize(init=mx.init.Normal(sigma=0.01))
weight = layer.weight.data().asnumpy()
assert abs(weight.std() - 0.01) < 0.0005 and abs(weight.mean()) < 0.0005
assert not layer.bias.data().any()

# %% init-constant: a constant is everywhere
layer = nn.Dense(3, in_units=2)
layer.initialize(init=mx.init.Constant(42))
assert (layer.weight.data() == 42).all() and not layer.bias.data().any()

# %% init-per-block: an initialiser touches its own layer alone
net = nn.Sequential()
net.add(*(nn.Dense(64, in_units=64) for _ in range(3)))
net.initialize()
default = net[2].weight.data().copy()
net[0].initialize(init=mx.init.Xavier(), force_reinit=True)
net[1].initialize(init=mx.init.Constant(42), force_reinit=True)
assert 0.2 < abs(net[0].weight.data()).max() <= (6 / 128) ** 0.5
assert (net[1].weight.data() == 42).all() and (net[2].weight.data() == default).all()

# %% init-custom: an initialiser of one's own is called once per weight, and its values are used
called = []


class Custom(mx.init.Initializer):
    def _init_weight(self, name, data):
        called.append(data.shape)
        data[:] = np.random.uniform(-10, 10, data.shape)
        data *= np.abs(data) >= 5


net = nn.Sequential()
net.add(nn.Dense(100, in_units=100), nn.Dense(100, in_units=100))
net.initialize(init=Custom())
assert called == [(100, 100)] * 2
for layer in net:
    weight = layer.weight.data().asnumpy()
    kept = abs(weight[weight != 0])
    assert kept.min() >= 5 and kept.max() <= 10 and 0.45 < kept.size / weight.size < 0.55

# %% init-one-object: one initialiser draws for each layer that it is given to
one = mx.init.Normal(sigma=1)
first, second = nn.Dense(2, in_units=2), nn.Dense(2, in_units=2)
for layer in (first, second):
    layer.initialize(init=one)
assert not (first.weight.data() == second.weight.data()).any()

# %% init-again: initialize(force_reinit=True) draws every value again
net = sequential(nn.Dense(2))
for own in net.collect_params().values():
    own.set_data(np.full(own.shape, 1000.0))
net.initialize(force_reinit=True)
assert (net[0].weight.data() < 1).all() and (net[0].bias.data() < 1).all()

# %% seed: the same seed gives the same parameters, another one others
made = []
for seed in (1, 1, 2):
    mx.random.seed(seed)
    made.append(sequential(nn.Dense(2))[0].weight.data())
assert (made[0] == made[1]).all() and not (made[0] == made[2]).any()

# %% assign: adding to a parameter, or setting an element, changes it in place and nothing else
layer = sequential(nn.Dense(1))[0]
weight, before, bias = layer.weight, layer.weight.data().copy(), layer.bias.data().copy()
layer.weight.data()[:] += 1
layer.weight.set_data(layer.weight.data() + 1)
assert layer.weight is weight and numpy.allclose(weight.data().asnumpy(), before.asnumpy() + 2)
layer.weight.data()[0, 0] = 42
changed = layer.weight.data().copy()
changed[0, 1] = -3
layer.weight.set_data(changed)
assert (weight.data() == np.array([[42.0, -3.0]])).all() and (layer.bias.data() == bias).all()
assert numpy.allclose(layer(x).asnumpy(), (np.dot(x, np.array([[42.0], [-3.0]])) + bias).asnumpy())

# %% wrong-shape: setting a value of the wrong shape is refused and changes nothing
layer = sequential(nn.Dense(2))[0]
before = layer.weight.data().copy()
for rows in (1, 3):
    try:
        layer.weight.set_data(np.ones((rows, 2)))
    except AssertionError as error:
        refused = str(error)
    assert "shape" in refused and (layer.weight.data() == before).all()
    refused = ""

# %% assign-after-forward: set_data while recording is refused after the forward pass, too
net = sequential(nn.Dense(2), nn.Dense(1))
with autograd.record():
    y = net(x).sum()
    try:
        net[1].weight.set_data(np.ones((1, 2)))
    except mx.MXNetError as error:
        refused = str(error)
assert "already in a computational graph" in refused

# %% tied: layers that are tied have one parameter, listed once, saved under each of its names
for net in tied():
    assert net[2].weight is net[1].weight
    changed = net[1].weight.data().copy()
    changed[0, 0] = 5
    net[2].weight.set_data(changed)
    assert net[1].weight.data()[0, 0] == 5
    hidden = net[0](x)
    for _ in range(2):
        hidden = np.dot(hidden, net[1].weight.data().T) + net[1].bias.data()
    assert numpy.allclose(net(x).asnumpy(), hidden.asnumpy(), rtol=1e-5)
    assert len(net.collect_params().keys()) == 4
    with tempfile.TemporaryDirectory() as folder:
        net.save_parameters(f"{folder}/file")  # deduplicate=False is the default.
        saved = npx.load(f"{folder}/file")
    assert set(saved) == {f"{i}.{name}" for i in range(3) for name in ("weight", "bias")}

# %% tied-twice-listed: a layer that is added twice is listed twice
same = nn.Dense(2)
net = sequential(same, same)
assert len(net) == 2 and net[0] is net[1]

# %% tied-gradient: the gradient of a tied weight is the sum over its uses
for net in tied():
    apart = sequential(*(nn.Dense(2) for _ in range(3)))
    for layer, own in zip(net, apart, strict=True):
        own.weight.set_data(layer.weight.data())
        own.bias.set_data(layer.bias.data())
    for each in (net, apart):
        backward(each)
    both = apart[1].weight.grad() + apart[2].weight.grad()
    assert numpy.allclose(net[1].weight.grad().asnumpy(), both.asnumpy(), rtol=1e-5)

# %% untied: layers that merely start equal stay apart
net = sequential(nn.Dense(2), nn.Dense(2))
net[1].weight.set_data(net[0].weight.data())
kept = net[1].weight.data().copy()
net[0].weight.set_data(kept + 1)
assert (net[1].weight.data() == kept).all()
step(net)
assert not numpy.allclose((net[0].weight.data() - 1).asnumpy(), net[1].weight.data().asnumpy())

# %% tied-many: four uses, across levels, and a second group of ties
a, b = nn.Dense(2, in_units=2), nn.Dense(2, in_units=2)
bound, inner, block = nn.Dense(2, in_units=2, params=b.params), nn.Sequential(), nn.Sequential()
inner.add(a)
block.add(a, b, inner)
net = sequential(a, block, bound, a)
assert list(net.collect_params().values()) == [a.weight, a.bias, b.weight, b.bias]
net[1][2][0].weight.set_data(np.full((2, 2), 0.5))
assert (net[3].weight.data() == 0.5).all()
order = [a, a, b, a, bound, a]
apart = sequential(*(nn.Dense(2) for _ in order))
for layer, own in zip(order, apart, strict=True):
    own.weight.set_data(layer.weight.data())
    own.bias.set_data(layer.bias.data())
assert numpy.allclose(net(x).asnumpy(), apart(x).asnumpy())
for each in (net, apart):
    backward(each)
for weight, uses in ((a.weight, (0, 1, 3, 5)), (b.weight, (2, 4))):
    summed = sum(apart[use].weight.grad().asnumpy() for use in uses)
    assert numpy.allclose(weight.grad().asnumpy(), summed, rtol=1e-5)

# %% tied-training: a step moves a tied weight once, by the summed gradient, and it stays tied
for net in tied():
    before = net[1].weight.data().copy()
    step(net)
    assert (net[1].weight.data() == before - 0.5 * net[1].weight.grad()).all()
    assert is_tied(net)

# %% tied-copy: a deep copy computes the same, is tied, and is apart from the original
for net in tied():
    twin, kept = copy.deepcopy(net), net[1].weight.data().copy()
    assert (twin(x) == net(x)).all() and is_tied(twin)
    assert (net[1].weight.data() == kept).all()

# %% tied-pickle: what comes out of a pickle is tied
for net in tied():
    twin = pickle.loads(pickle.dumps(net))
    assert (twin(x) == net(x)).all() and is_tied(twin)

# %% tied-saved: a network whose parameters were saved and loaded is tied
for once in (False, True):
    for net, other in zip(tied(), tied(), strict=True):
        with tempfile.TemporaryDirectory() as folder:
            net.save_parameters(f"{folder}/file", deduplicate=once)
            other.load_parameters(f"{folder}/file")
        assert (other(x) == net(x)).all() and is_tied(other)

# %% tied-cast: after a change of number type, and back, the ties are there
for net in tied():
    net.cast("float16")
    before = net[1].weight.data().asnumpy()
    assert before.dtype == numpy.float16 and net[2].weight is net[1].weight
    net.cast("float32")
    assert numpy.array_equal(net[1].weight.data().asnumpy(), before) and is_tied(net)

# %% tied-again: after initialising again, the ties are there
for net in tied():
    before = net[1].weight.data().copy()
    net.initialize(force_reinit=True)
    assert not (net[1].weight.data() == before).any() and is_tied(net)


# %% embedding: an embedding whose matrix also decodes is one parameter, its gradient of both uses
class Tied(nn.Block):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Embedding(3, 2)
        self.decoder = nn.Dense(3, use_bias=False, in_units=2, params=self.encoder.params)

    def forward(self, tokens):
        return self.decoder(self.encoder(tokens))


net, tokens = Tied(), np.array([0, 2, 2])
net.initialize()
(own,) = net.collect_params().values()
with autograd.record():
    y = net(tokens)
y.backward()
matrix, onehot = own.data().asnumpy(), numpy.eye(3)[[0, 2, 2]]
assert numpy.allclose(y.asnumpy(), onehot @ matrix @ matrix.T)
encoding = onehot.sum(0)[:, None] * matrix.sum(0)
assert numpy.allclose(own.grad().asnumpy(), (onehot @ matrix).sum(0) + encoding)


# %% save: saving and loading parameters gives back every value bit for bit, a user's block's too
class Doubled(nn.Block):
    def __init__(self):
        super().__init__()
        self.linear = nn.Dense(1)

    def forward(self, x):
        return 2 * self.linear(x)


for once in (False, True):
    net, other = (sequential(nn.Dense(2), nn.Dense(2, use_bias=False), Doubled()) for _ in range(2))
    with tempfile.TemporaryDirectory() as folder:
        net.save_parameters(f"{folder}/file", deduplicate=once)
        other.load_parameters(f"{folder}/file")
    pairs = zip(net.collect_params().values(), other.collect_params().values(), strict=True)
    assert all((one.data() == two.data()).all() for one, two in pairs)
    assert (other(x) == net(x)).all()

# %% partial: the first layers' parameters are carried over, and the rest stays
source, target = sequential(nn.Dense(2)), sequential(nn.Dense(2), nn.Dense(1))
rest = target[1].weight.data().copy()
for given, taken in zip(
    source[0].collect_params().values(), target[0].collect_params().values(), strict=True
):
    taken.set_data(given.data())
assert (target(x) == target[1](source(x))).all() and (target[1].weight.data() == rest).all()
# By a file, where the entry is a block.
block, other = nn.Sequential(), nn.Sequential()
block.add(nn.Dense(2))
other.add(nn.Dense(2))
source, target = sequential(block), sequential(other, nn.Dense(1))
with tempfile.TemporaryDirectory() as folder:
    source[0].save_parameters(f"{folder}/file")
    target[0].load_parameters(f"{folder}/file")
assert (target(x) == target[1](source(x))).all()

# %% misfit: a file that does not fit is refused, mostly after a part of it was loaded
heads = {"shape": (2, 4), "missing": (2,), "extra": (2, 3, 1)}
for what, widths in heads.items():
    for once in (False, True):
        net = sequential(nn.Dense(2), nn.Dense(3))
        foreign = sequential(*(nn.Dense(width) for width in widths))
        before = net[0].weight.data().copy()
        with tempfile.TemporaryDirectory() as folder:
            foreign.save_parameters(f"{folder}/file", deduplicate=once)
            try:
                net.load_parameters(f"{folder}/file")
            except (AssertionError, ValueError):
                held = before if what == "missing" else foreign[0].weight.data()
                assert (net[0].weight.data() == held).all()
                continue
        raise AssertionError("what does not fit is loaded")

# %% truncated: a file that was cut short is refused and changes nothing
for once in (False, True):
    net, other = sequential(nn.Dense(20)), sequential(nn.Dense(20))
    before = other[0].weight.data().copy()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "file")
        net.save_parameters(str(file), deduplicate=once)
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        try:
            other.load_parameters(str(file))
        except (AssertionError, ValueError, mx.MXNetError):
            assert (other[0].weight.data() == before).all()
            continue
    raise AssertionError("what was cut short is loaded")

# %% step: a step of plain SGD takes the learning rate times the gradient off every parameter
net = sequential(nn.Dense(2), nn.Dense(1, use_bias=False))
before = [own.data().copy() for own in net.collect_params().values()]
step(net)
for own, old in zip(net.collect_params().values(), before, strict=True):
    assert (own.data() == old - 0.5 * own.grad()).all()

# %% train-shared: training with a shared layer can be followed step by step, and the loss falls
mx.random.seed(0)
same = nn.Dense(2)
net = sequential(same, same, nn.Dense(1))
trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.01})
losses = []
for _ in range(4):
    with autograd.record():
        loss = ((net(x) - 1) ** 2).mean()
    loss.backward()
    before = same.weight.data().copy()
    trainer.step(batch_size=1)
    moved = before - 0.01 * same.weight.grad()
    assert numpy.allclose(net[1].weight.data().asnumpy(), moved.asnumpy())
    losses.append(loss.item())
assert losses == sorted(losses, reverse=True)

# %% saving: a layer that is used three times costs what it costs once
same = nn.Dense(2)
nets = sequential(same, same, same), sequential(nn.Dense(2), nn.Dense(2), nn.Dense(2))
assert [sum(own.data().size for own in net.collect_params().values()) for net in nets] == [6, 18]

# %% export: the saved mapping has every parameter bit for bit, and nothing else
block = nn.Sequential()
block.add(nn.Dense(1, use_bias=False))
net = sequential(nn.Dense(2), block)
with tempfile.TemporaryDirectory() as folder:
    net.save_parameters(f"{folder}/file")
    saved = npx.load(f"{folder}/file")
assert list(saved) == ["0.weight", "0.bias", "1.0.weight"]
for value, own in zip(saved.values(), net.collect_params().values(), strict=True):
    assert (value == own.data()).all()

# %% from-numpy: parameters from elsewhere give the outputs and gradients that NumPy computes
w, v = numpy.array([[1.0, -2.0], [3.0, 1.0]]), numpy.array([[2.0, 1.0]])
net = sequential(nn.Dense(2, activation="relu", use_bias=False), nn.Dense(1, use_bias=False))
net[0].weight.set_data(np.array(w))
net[1].weight.set_data(np.array(v))
hidden = numpy.maximum(x.asnumpy() @ w.T, 0)
assert numpy.array_equal(net(x).asnumpy(), hidden @ v.T)
backward(net)
assert numpy.array_equal(net[1].weight.grad().asnumpy(), hidden.sum(0, keepdims=True))
assert numpy.array_equal(net[0].weight.grad().asnumpy(), ((hidden > 0) * v).T @ x.asnumpy())
