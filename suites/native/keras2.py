"""Keras 2 on TensorFlow: what the report says of it, in its own words; each section runs alone."""

import copy
import os
import pickle
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import h5py
import keras
import numpy as np
import tensorflow as tf
from keras import layers

x = tf.constant([[1.0, 2.0], [3.0, -1.0]])
# Since 2.13 the ending `.keras` says it.
native = {"save_format": "keras_v3"} if keras.__version__ < "2.13" else {}


def sequential(*entries):
    """A model with its variables."""
    net = keras.Sequential([keras.Input((2,)), *entries])
    net(x)
    return net


def gradients(net, variables):
    """The gradients of the sum of the outputs."""
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(net(x))
    return tape.gradient(y, variables)


def step(net, rate=0.5):
    """A step of plain SGD."""
    slopes = gradients(net, net.trainable_variables)
    optimizer = keras.optimizers.SGD(rate)
    optimizer.apply_gradients(zip(slopes, net.trainable_variables, strict=True))


def tied():
    """Models in which one layer is used twice: in one container, and in two."""
    same, other = layers.Dense(2), layers.Dense(2)
    blocks = keras.Sequential([other]), keras.Sequential([other])
    return [sequential(layers.Dense(2), *pair) for pair in ((same, same), blocks)]


def uses(net):
    """The layer at its two uses, for which one container has but one entry."""
    found = [e.layers[0] if isinstance(e, keras.Sequential) else e for e in net.layers[1:]]
    return found[0], found[-1]


def is_tied(net):
    """Whether what is written at one use is read at the other."""
    first, second = uses(net)
    first.kernel.assign(np.full((2, 2), 7.0))
    return (second.kernel.numpy() == 7).all() and len(net.weights) == 4


def saved(net):
    """The file of weights, by name."""
    found = {}

    def keep(name, item):
        if isinstance(item, h5py.Dataset):
            found[name] = item[()]

    with tempfile.TemporaryDirectory() as folder:
        net.save_weights(f"{folder}/net.weights.h5")
        with h5py.File(f"{folder}/net.weights.h5") as file:
            file.visititems(keep)
    return found


def restored(net):
    """The model that each way of restoring a whole one gives, or the error that it raises."""
    with tempfile.TemporaryDirectory() as folder:
        net.save(f"{folder}/model.keras", **native)
        ways = {
            "copy": lambda: copy.deepcopy(net),
            "pickle": lambda: pickle.loads(pickle.dumps(net)),
            "file": lambda: keras.models.load_model(f"{folder}/model.keras"),
        }
        for way in ways.values():
            try:
                yield way()
            except ValueError as error:
                yield error


# %% output: the output is what the parameters that are read say
net = sequential(layers.Dense(3, activation="relu"), layers.Dense(1))
first, second = net.layers
hidden = np.maximum(x.numpy() @ first.kernel.numpy() + first.bias.numpy(), 0)
assert net(x).shape == (2, 1)
assert np.allclose(net(x), hidden @ second.kernel.numpy() + second.bias.numpy())

# %% lazy: without an input width, weights cannot be asked for before the first call, which tells it
net = keras.Sequential([layers.Dense(3)])
try:
    net.weights
except ValueError as error:
    refused = str(error)
assert "not yet been created" in refused
net(x)
assert net.layers[0].kernel.shape == (2, 3)

# %% index: entries are reached as net.layers[i], also from the end; net[i] is a TypeError
first, inner = layers.Dense(2), layers.Dense(1)
net = sequential(first, keras.Sequential([layers.Activation("relu"), inner]))
assert net.layers[0] is first and net.layers[-1].layers[1] is inner
before = net(x).numpy()
net.layers[1].layers[1].bias.assign_add([1.0])
assert np.allclose(net(x), before + 1)
for refused, wanted in ((lambda: net[0], TypeError), (lambda: net.layers[2], IndexError)):
    try:
        refused()
    except wanted:
        continue
    raise AssertionError("it gives a layer")

# %% activation: an activation that is an option takes no index; one that is a layer does
entries = layers.Dense(2, activation="relu"), layers.Activation("relu"), layers.Dense(1)
net = sequential(*entries)
assert len(net.layers) == 3 and net.layers[1] is entries[1]

# %% two-parameters: a layer has kernel and bias, or the kernel alone; the kernel is (in, out)
layer, bare = layers.Dense(3), layers.Dense(3, use_bias=False)
sequential(layer), sequential(bare)
shapes = [(weight.name.split("/")[-1], tuple(weight.shape)) for weight in layer.weights]
assert shapes == [("kernel:0", (2, 3)), ("bias:0", (3,))]
assert [weight.name.split("/")[-1] for weight in bare.weights] == ["kernel:0"]

# %% float32: parameters are float32 by default
assert {value.dtype.name for value in sequential(layers.Dense(3)).get_weights()} == {"float32"}

# %% names: names are unique, and their numbers keep counting
first, second = (sequential(*(layers.Dense(1) for _ in range(200))) for _ in range(2))
names = [{weight.name for weight in net.weights} for net in (first, second)]
assert len(names[0]) == 400 and not names[0] & names[1]

# %% walk: walking the layers by index meets the parameters that are listed
same, other = layers.Dense(2), layers.Dense(2)
net = sequential(same, keras.Sequential([other, same]))
walked = [w for layer in (net.layers[0], *net.layers[1].layers) for w in layer.weights]
assert {id(weight) for weight in walked} == {id(weight) for weight in net.weights}

# %% parameter: a parameter is a variable with a value, and no gradient in it
(layer,) = sequential(layers.Dense(1)).layers
assert isinstance(layer.kernel, tf.Variable) and not isinstance(layer.kernel, tf.Tensor)
assert not hasattr(layer.kernel, "grad")

# %% read: reading gives an array and changes nothing; writing into the array changes a copy
(layer,) = sequential(layers.Dense(1)).layers
first, second = layer.kernel.numpy(), layer.kernel.numpy()
assert first.dtype == np.float32 and first.shape == (2, 1) and np.array_equal(first, second)
first[:] = 9.0
assert np.array_equal(layer.kernel.numpy(), second)

# %% gradient: it is right and of the parameter's shape; each backward pass returns a new one
net = sequential(layers.Dense(1))
kernel, bias = gradients(net, net.weights)
assert kernel.shape == (2, 1) and np.array_equal(kernel, x.numpy().sum(0)[:, None]) and bias == 2
again, _ = gradients(lambda x: 2 * net(x), net.weights)
assert np.array_equal(again, 2 * x.numpy().sum(0)[:, None])
assert np.array_equal(kernel, x.numpy().sum(0)[:, None])

# %% frozen: a frozen layer is not among the trainable variables and does not move; a tape can ask
net = sequential(layers.Dense(2), layers.Dense(1))
net.layers[0].trainable = False
frozen, bias = net.layers[0].kernel, net.layers[1].bias
assert len(net.trainable_variables) == 2
before = [frozen.numpy(), bias.numpy()]
step(net)
assert np.array_equal(frozen.numpy(), before[0]) and np.array_equal(
    bias.numpy(), before[1] - 0.5 * 2
)
assert gradients(net, [frozen])[0] is not None  # Where it is asked for by name.

# %% listing: two for each layer, one without bias, none for activations, each layer once, in order
same, other = layers.Dense(2), layers.Dense(3, use_bias=False)
net = sequential(same, layers.Activation("relu"), keras.Sequential([same, other]))
listed = [id(weight) for weight in net.weights]
assert listed == [id(same.kernel), id(same.bias), id(other.kernel)]
assert sum(int(np.prod(weight.shape)) for weight in net.weights) == 4 + 2 + 6 == net.count_params()
assert [id(weight) for weight in net.layers[2].weights] == listed
assert [id(weight) for weight in other.weights] == listed[2:]

# %% summary: summary shows every layer, and the right total
net, lines = sequential(layers.Dense(3), keras.Sequential([layers.Dense(1)])), []
net.summary(expand_nested=True, line_length=120, print_fn=lambda line, **_: lines.append(line))
text = "\n".join(lines)
assert text.count("(Dense)") == 2 and text.split("Total params: ")[1].split()[0] == "13"

# %% nested: a block changes neither output nor order, and a path of indices reaches the same place
first, second, third = layers.Dense(2), layers.Dense(2), layers.Dense(1)
flat = sequential(first, second, third)
net = sequential(first, keras.Sequential([keras.Sequential([second]), third]))
assert np.array_equal(net(x), flat(x))
assert [id(weight) for weight in net.weights] == [id(weight) for weight in flat.weights]
net.layers[1].layers[0].layers[0].kernel.assign(np.full((2, 2), 3.0))
assert (flat.layers[1].kernel.numpy() == 3).all() and np.array_equal(net(x), flat(x))


# %% factory: names stay unique in blocks that one function makes, whether it names them or not
def block(name=None):
    return keras.Sequential([layers.Dense(2, activation="relu"), layers.Dense(2)], name=name)


for names in ([None] * 4, [f"block-{number}" for number in range(4)]):
    net = sequential(*(block(name) for name in names))
    assert len({weight.name for weight in net.weights}) == 16


# %% users-block: a user's block has its inner parameters in its listing, the output and gradients
class NestMLP(keras.Model):
    def __init__(self):
        super().__init__()
        self.net = keras.Sequential([layers.Dense(2, activation="relu")])
        self.linear = layers.Dense(1)

    def call(self, x):
        return self.linear(self.net(x))


net = sequential(NestMLP())
block = net.layers[0]
inner = [*block.net.layers[0].weights, *block.linear.weights]
for own in (net.weights, block.weights):
    assert {id(weight) for weight in own} == {id(weight) for weight in inner}
assert len({weight.name for weight in net.weights}) == 4
assert np.array_equal(net(x), block.linear(block.net.layers[0](x)))
assert all(slope is not None for slope in gradients(net, net.weights))

# %% init-default: kernels are uniform in a range that comes from both widths, and biases zero
for width in (64, 512):
    layer = layers.Dense(256)
    layer(np.ones((1, width), "float32"))
    bound = (6 / (width + 256)) ** 0.5
    assert 0.999 * bound < np.abs(layer.kernel.numpy()).max() <= bound
    assert abs(layer.kernel.numpy().std() - bound / 3**0.5) < 0.01 * bound
    assert not layer.bias.numpy().any()

# %% init-normal: a normal distribution gives a sample of it
layer = layers.Dense(200, kernel_initializer=keras.initializers.RandomNormal(stddev=0.01))
layer(np.ones((1, 200), "float32"))
kernel = layer.kernel.numpy()
assert abs(kernel.std() - 0.01) < 0.0005 and abs(kernel.mean()) < 0.0005
assert not layer.bias.numpy().any()

# %% init-constant: a constant is everywhere
layer = layers.Dense(3, kernel_initializer=keras.initializers.Constant(42.0))
layer(x)
assert (layer.kernel.numpy() == 42).all() and not layer.bias.numpy().any()

# %% init-per-block: an initialiser touches its own layer alone
first = layers.Dense(64, kernel_initializer=keras.initializers.GlorotUniform())
second = layers.Dense(128, kernel_initializer=keras.initializers.Constant(42.0))
third = layers.Dense(64)
keras.Sequential([first, second, third])(np.ones((1, 64), "float32"))
assert 0.2 < np.abs(first.kernel.numpy()).max() <= (6 / 128) ** 0.5
assert (second.kernel.numpy() == 42).all()
assert 0.15 < np.abs(third.kernel.numpy()).max() <= (6 / 192) ** 0.5

# %% init-custom: an initialiser of one's own is called once per kernel, and its values are used
called = []


class Custom(keras.initializers.Initializer):
    def __call__(self, shape, dtype=None):
        called.append(tuple(shape))
        values = tf.random.uniform(shape, -10, 10, dtype=dtype)
        return values * tf.cast(tf.abs(values) >= 5, dtype)


net = keras.Sequential([layers.Dense(100, kernel_initializer=Custom()) for _ in range(2)])
net(np.ones((1, 100), "float32"))
assert called == [(100, 100)] * 2
for layer in net.layers:
    kernel = layer.kernel.numpy()
    kept = np.abs(kernel[kernel != 0])
    assert kept.min() >= 5 and kept.max() <= 10 and 0.45 < kept.size / kernel.size < 0.55

# %% init-one-object: one initialiser without a seed gives two layers the same values
one = keras.initializers.RandomNormal(stddev=1.0)
first, second = (layers.Dense(2, kernel_initializer=one) for _ in range(2))
sequential(first, second)
assert np.array_equal(first.kernel.numpy(), second.kernel.numpy())

# %% init-again: clone_model makes a model whose values are drawn again
net = sequential(layers.Dense(2, bias_initializer="random_normal"))
fresh = keras.models.clone_model(net)
pairs = zip(fresh.get_weights(), net.get_weights(), strict=True)
assert not any((new == old).any() for new, old in pairs)

# %% seed: the same seed gives the same parameters, another one others
made = []
for seed in (1, 1, 2):
    keras.utils.set_random_seed(seed)
    made.append(sequential(layers.Dense(2)).layers[0].kernel.numpy())
assert np.array_equal(made[0], made[1]) and not (made[0] == made[2]).any()

# %% assign: adding to a variable, or setting an element, changes it in place and nothing else
net = sequential(layers.Dense(1))
kernel, bias = net.weights
before = kernel.numpy()
kernel[:].assign(kernel + 1)
kernel.assign(kernel + 1)
assert net.layers[0].kernel is kernel and np.allclose(kernel.numpy(), before + 2)
kernel[0, 0].assign(42.0)
kernel.assign(tf.tensor_scatter_nd_update(kernel, [(1, 0)], [-3.0]))
assert np.array_equal(kernel.numpy(), [[42], [-3]]) and not bias.numpy().any()
assert np.allclose(net(x), x.numpy() @ [[42], [-3]])

# %% wrong-shape: assigning a value of the wrong shape is refused and changes nothing
(layer,) = sequential(layers.Dense(2)).layers
before = layer.kernel.numpy()
for rows in (1, 3):
    try:
        layer.kernel.assign(np.ones((rows, 2)))
    except ValueError:
        assert np.array_equal(layer.kernel.numpy(), before)
        continue
    raise AssertionError("another shape is accepted")

# %% assign-recording: gradients are those of the values that the output was computed with
for late in (False, True):
    net = sequential(layers.Dense(2), layers.Dense(1))
    bias, kernel = net.layers[0].bias, net.layers[1].kernel
    old = kernel.numpy()
    with tf.GradientTape() as tape:
        y = net(x) if late else None
        kernel.assign(np.full((2, 1), 5.0))
        y = net(x) if y is None else y
    slope = tape.gradient(y, bias)
    assert np.allclose(slope, 2 * old.ravel() if late else [10, 10])

# %% tied: a layer that is used again is one, applied at each use, listed and saved once
for net in tied():
    first, second = uses(net)
    first.kernel.assign([[2.0, 0.0], [1.0, 3.0]])
    assert np.array_equal(second.kernel.numpy(), [[2, 0], [1, 3]])
    hidden = net.layers[0](x).numpy()
    for _ in range(2):
        hidden = hidden @ [[2, 0], [1, 3]]
    assert np.allclose(net(x), hidden, rtol=1e-5)
    assert len(net.weights) == len(saved(net)) == 4

# %% tied-twice-listed: a layer that is added twice is listed once
same = layers.Dense(2)
net = sequential(same, same)
assert len(net.layers) == 1 and net.layers[0] is same

# %% tied-gradient: the gradient of a tied kernel is the sum over its uses
for net in tied():
    apart = sequential(layers.Dense(2), layers.Dense(2), layers.Dense(2))
    for own, layer in zip(apart.layers, (net.layers[0], *uses(net)), strict=True):
        own.set_weights(layer.get_weights())
    (slope,) = gradients(net, [uses(net)[0].kernel])
    shares = gradients(apart, [layer.kernel for layer in apart.layers[1:]])
    assert np.allclose(slope, shares[0] + shares[1], rtol=1e-5)

# %% untied: layers that merely start equal stay apart
net = sequential(layers.Dense(2), layers.Dense(2))
first, second = net.layers
second.set_weights(first.get_weights())
kept = second.kernel.numpy()
first.kernel.assign_add(np.ones((2, 2)))
assert np.array_equal(second.kernel.numpy(), kept)
step(net)
assert not np.allclose(first.kernel.numpy() - 1, second.kernel.numpy())

# %% tied-many: four uses, across levels, and a second group of ties
a, b = layers.Dense(2), layers.Dense(2)
net = sequential(a, keras.Sequential([a, b, keras.Sequential([a])]), b, a)
assert [id(w) for w in net.weights] == [id(w) for w in (*a.weights, *b.weights)]
net.layers[1].layers[2].layers[0].kernel.assign(np.full((2, 2), 0.5))
assert (net.layers[0].kernel.numpy() == 0.5).all()
order = [a, a, b, a, b, a]
apart = sequential(*(layers.Dense(2) for _ in order))
for own, layer in zip(apart.layers, order, strict=True):
    own.set_weights(layer.get_weights())
assert np.allclose(net(x), apart(x), rtol=1e-5)
found = gradients(net, [a.kernel, b.kernel])
shares = gradients(apart, [layer.kernel for layer in apart.layers])
for slope, places in zip(found, ((0, 1, 3, 5), (2, 4)), strict=True):
    assert np.allclose(slope, sum(shares[place] for place in places), rtol=1e-5)

# %% tied-training: a step moves a tied kernel once, by the summed gradient, and it stays tied
for net in tied():
    kernel = uses(net)[0].kernel
    before, (slope,) = kernel.numpy(), gradients(net, [kernel])
    step(net)
    assert np.allclose(kernel.numpy(), before - 0.5 * slope) and is_tied(net)

# %% tied-saved: a model into which weights are loaded is tied, from a file or a checkpoint
for net, other, third in zip(tied(), tied(), tied(), strict=True):
    with tempfile.TemporaryDirectory() as folder:
        net.save_weights(f"{folder}/net.weights.h5")
        other.load_weights(f"{folder}/net.weights.h5")
        tf.train.Checkpoint(model=net).write(f"{folder}/checkpoint")
        tf.train.Checkpoint(model=third).read(f"{folder}/checkpoint").assert_consumed()
    for loaded in (other, third):
        assert np.array_equal(loaded(x), net(x)) and is_tied(loaded)


# %% repeat-dropped: behind an Input a repeated layer is applied twice, and in every copy once
same = layers.Dense(2, use_bias=False)
net = sequential(same, same)
same.set_weights([np.array([[0.0, 3.0], [2.0, 0.0]])])
assert np.array_equal(net(x), 6 * x.numpy())
clone = keras.models.clone_model(net)
clone.set_weights(net.get_weights())
with tempfile.TemporaryDirectory() as folder:
    net.save(f"{folder}/model.h5")
    net.save(f"{folder}/model")
    loaded = [keras.models.load_model(f"{folder}/model{end}") for end in (".h5", "")]
for other in (*restored(net), clone, *loaded):
    assert np.array_equal(other.get_weights(), net.get_weights())
    assert not np.array_equal(other(x), net(x))

# %% shared-fails: a layer that containers share makes restoring fail, and becomes two in a clone
net = tied()[1]
for error in restored(net):
    assert "during loading" in str(error) or "Shape mismatch" in str(error)
clone = keras.models.clone_model(net)
first, second = uses(clone)
assert first is not second and len(clone.weights) == 6
try:
    clone.set_weights(net.get_weights())
except ValueError as error:
    refused = str(error)
assert "set_weights(weights)" in refused


# %% embedding: an embedding whose matrix also decodes is one parameter, its gradient of both uses
class Tied(keras.Model):
    def __init__(self):
        super().__init__()
        self.encoder = layers.Embedding(3, 2)

    def call(self, tokens):
        return tf.matmul(self.encoder(tokens), self.encoder.embeddings, transpose_b=True)


net, tokens = Tied(), tf.constant([0, 2, 2])
with tf.GradientTape() as tape:
    y = net(tokens)
(own,) = net.weights
matrix, onehot = own.numpy(), np.eye(3)[[0, 2, 2]]
assert np.allclose(y, onehot @ matrix @ matrix.T)
slope = tf.convert_to_tensor(tape.gradient(y, own))
encoding = onehot.sum(0)[:, None] * matrix.sum(0)
assert np.allclose(slope, (onehot @ matrix).sum(0) + encoding)


# %% save: saving and loading gives back every value bit for bit, of a user's block too
@keras.utils.register_keras_serializable()
class Doubled(keras.layers.Layer):
    def __init__(self, **options):
        super().__init__(**options)
        self.linear = layers.Dense(1)

    def build(self, shape):
        self.linear.build(shape)

    def call(self, x):
        return 2 * self.linear(x)


net, other, third = (
    sequential(layers.Dense(2), keras.Sequential([layers.Dense(2, use_bias=False)]), Doubled())
    for _ in range(3)
)
with tempfile.TemporaryDirectory() as folder:
    net.save(f"{folder}/model.keras", **native)
    net.save(f"{folder}/model.h5")
    net.save(f"{folder}/model")
    whole = [keras.models.load_model(f"{folder}/model{end}") for end in (".keras", ".h5", "")]
    net.save_weights(f"{folder}/net.weights.h5")
    other.load_weights(f"{folder}/net.weights.h5")
    tf.train.Checkpoint(model=net).write(f"{folder}/checkpoint")
    tf.train.Checkpoint(model=third).read(f"{folder}/checkpoint").assert_consumed()
for loaded in (*whole, other, third):
    pairs = zip(loaded.get_weights(), net.get_weights(), strict=True)
    assert all(np.array_equal(one, two) for one, two in pairs)
    assert np.array_equal(loaded(x), net(x))

# %% partial: the first layers' parameters are carried over, and the rest stays
source, target = sequential(layers.Dense(2)), sequential(layers.Dense(2), layers.Dense(1))
rest = target.layers[1].kernel.numpy()
target.layers[0].set_weights(source.layers[0].get_weights())
assert np.allclose(target(x), target.layers[1](source(x)))
assert np.array_equal(target.layers[1].kernel.numpy(), rest)

# %% misfit: what does not fit is refused, after a part of it was loaded
heads = {"shape": (2, 4), "missing": (2,), "extra": (2, 3, 1)}
for what, widths in heads.items():
    for form in ("weights file", "checkpoint"):
        if (what, form) == ("extra", "weights file"):
            continue  # A departure of its own.
        net = sequential(layers.Dense(2), layers.Dense(3))
        foreign = sequential(*(layers.Dense(width) for width in widths))
        with tempfile.TemporaryDirectory() as folder:
            try:
                if form == "checkpoint":
                    tf.train.Checkpoint(model=foreign).write(f"{folder}/file")
                    tf.train.Checkpoint(model=net).read(f"{folder}/file").assert_consumed()
                else:
                    foreign.save_weights(f"{folder}/file.weights.h5")
                    net.load_weights(f"{folder}/file.weights.h5")
            except (ValueError, AssertionError):
                held = net.layers[0].kernel.numpy()
                assert np.array_equal(held, foreign.layers[0].kernel.numpy())
                continue
        raise AssertionError("what does not fit is loaded")

# %% truncated: a file, or the index of a checkpoint, that was cut short is refused
net, other = sequential(layers.Dense(20)), sequential(layers.Dense(20))
before = other.layers[0].kernel.numpy()
with tempfile.TemporaryDirectory() as folder:
    files = [Path(folder, name) for name in ("a.keras", "a.h5", "a.weights.h5", "a.index")]
    net.save(files[0], **native)
    net.save(files[1])
    net.save_weights(files[2])
    tf.train.Checkpoint(model=net).write(f"{folder}/a")
    net.save(f"{folder}/saved-model")
    files.append(Path(folder, "saved-model/saved_model.pb"))
    for file in files:
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        try:
            if file.suffix == ".index":
                tf.train.Checkpoint(model=other).read(f"{folder}/a").assert_consumed()
            elif file is files[2]:
                other.load_weights(file)
            else:
                keras.models.load_model(file.parent if file.suffix == ".pb" else file)
        except (ValueError, OSError, tf.errors.OpError):
            assert np.array_equal(other.layers[0].kernel.numpy(), before)
            continue
        raise AssertionError("what was cut short is loaded")

# %% step: a step of plain SGD takes the learning rate times the gradient off every parameter
net = sequential(layers.Dense(2), layers.Dense(1, use_bias=False))
before, slopes = net.get_weights(), gradients(net, net.weights)
step(net)
for after, old, slope in zip(net.get_weights(), before, slopes, strict=True):
    assert np.allclose(after, old - 0.5 * slope)

# %% train-shared: training with a shared layer can be followed step by step, and the loss falls
keras.utils.set_random_seed(0)
same = layers.Dense(2)
net = sequential(same, same, layers.Dense(1))
optimizer = keras.optimizers.SGD(0.01)
losses = []
for _ in range(4):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((net(x) - 1) ** 2)
    slopes = tape.gradient(loss, net.weights)
    before = net.get_weights()
    optimizer.apply_gradients(zip(slopes, net.weights, strict=True))
    for after, old, slope in zip(net.get_weights(), before, slopes, strict=True):
        assert np.allclose(after, old - 0.01 * slope)
    losses.append(float(loss))
assert losses == sorted(losses, reverse=True)

# %% saving: a layer that is used three times costs what it costs once
same = layers.Dense(2)
nets = sequential(same, same, same), sequential(layers.Dense(2), layers.Dense(2), layers.Dense(2))
assert [net.count_params() for net in nets] == [6, 18]

# %% export: the file of weights has every parameter bit for bit, and nothing else
net = sequential(layers.Dense(2), keras.Sequential([layers.Dense(1, use_bias=False)]))
found = sorted(value.tobytes() for value in saved(net).values())
assert found == sorted(value.tobytes() for value in net.get_weights())

# %% from-numpy: parameters from elsewhere give the outputs and gradients that NumPy computes
w, v = np.array([[1.0, 3.0], [-2.0, 1.0]], "float32"), np.array([[2.0], [1.0]], "float32")
first = layers.Dense(2, activation="relu", use_bias=False)
net = sequential(first, layers.Dense(1, use_bias=False))
net.set_weights([w, v])
hidden = np.maximum(x.numpy() @ w, 0)
assert np.array_equal(net(x), hidden @ v)
slopes = gradients(net, net.weights)
assert np.array_equal(slopes[1], hidden.sum(0)[:, None])
assert np.array_equal(slopes[0], x.numpy().T @ ((hidden > 0) * v.T))
