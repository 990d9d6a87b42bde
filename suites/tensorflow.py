"""TensorFlow: `keras.Sequential` of `Dense`, for Keras 3 and, as a suite of its own, Keras 2.

Idioms: https://keras.io/guides/sequential_model/ and https://www.tensorflow.org/guide/autodiff
"""

from __future__ import annotations

import copy
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce
from operator import getitem
from pathlib import Path as File
from typing import Any, ClassVar

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import h5py
import keras
import tensorflow as tf
from packaging.version import Version

from paramlaws.specs.architecture import Architecture, Dense, Init, Path
from paramlaws.specs.spelling import Spelling
from paramlaws.specs.suite import Floats, Initialiser, Inputs, Listing, Suite
from paramlaws.suites.building import assemble

# Since Keras 2.13 `keras.saving` has them; before that, they were those of layers.
_serialised = getattr(keras.saving, "serialize_keras_object", keras.layers.serialize)
_deserialised = getattr(keras.saving, "deserialize_keras_object", keras.layers.deserialize)

#: Files and folders of whole models.
FILES = {"keras-file": "model.keras", "h5-file": "model.h5", "saved-model": "model"}
# Since Keras 2.13 the ending says it: https://github.com/tensorflow/tensorflow/releases/tag/v2.12.0
_V3 = {"save_format": "keras_v3"} if keras.__version__.startswith("2.12.") else {}


@keras.utils.register_keras_serializable("paramlaws")
class NestMLP(keras.Model):
    """A user's model: a container followed by a layer."""

    def __init__(self, net: Any, linear: Any, **options: Any) -> None:
        super().__init__(**options)
        self.net = net
        self.linear = linear

    def call(self, x: Any) -> Any:
        return self.linear(self.net(x))

    def get_config(self) -> dict[str, Any]:
        parts = {"net": self.net, "linear": self.linear}
        saved = {k: _serialised(part) for k, part in parts.items()}
        return {**super().get_config(), **saved}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> NestMLP:
        for part in ("net", "linear"):
            config[part] = _deserialised(config[part])
        return cls(**config)


class TiedDecoder(keras.Model):
    """Word embeddings whose matrix also decodes."""

    def __init__(self, vocabulary: int, width: int) -> None:
        super().__init__()
        self.encoder = keras.layers.Embedding(vocabulary, width)

    def call(self, tokens: Any) -> Any:
        hidden = self.encoder(tokens)
        return tf.matmul(hidden, self.encoder.embeddings, transpose_b=True)


def _spelled(name: str, dense: Dense, fan_in: int | None, ties: Mapping[str, str]) -> list[str]:
    options = f"activation={dense.activation!r}, use_bias={dense.bias}"
    return [f"{name} = keras.layers.Dense({dense.units}, {options})"]


def _spelled_outermost(entries: Sequence[str], width: int | None) -> str:
    given = [] if width is None else [f"keras.Input(({width},))"]
    return f"keras.Sequential([{', '.join([*given, *entries])}])"


SPELLING = Spelling(
    imports="import keras\nimport numpy as np\nimport tensorflow as tf",
    numpy="np",
    layer=_spelled,
    container="keras.Sequential([{}])",
    outermost=_spelled_outermost,
    activation="keras.layers.Activation({!r})",
    fused=True,
    then="""with tf.GradientTape() as tape:
    y = net(tf.constant(x))
print("output", y.numpy())
for weight, slope in zip(net.weights, tape.gradient(y, net.weights, tf.constant(slope))):
    print(weight.name, weight.numpy(), "gradient", slope.numpy())""",
)


#: Models of Keras 3 before 3.3 hold functions that are not at the top of a module, which pickle
#: refuses.
_HOLDS_LOCAL_FUNCTIONS = Version("3") <= Version(keras.__version__) < Version("3.3")


class TensorFlow(Suite):
    """Keras 3 on TensorFlow: variables belong to layers; gradients come from a tape."""

    name = "tensorflow"
    framework = "Keras 3 (TensorFlow)"
    documentation = "https://keras.io/guides/sequential_model/"
    requires = {"keras": ">=3"}
    roles = {"weight": "kernel", "bias": "bias"}
    stores_gradients = False
    slow_to_build = True
    summary_total = "Total params"
    refusals = {
        "layer": (IndexError,),
        # A model is not subscriptable; its layers are in the list `layers`.
        "subscript": (TypeError,),
        # Asked for the weights of an unbuilt model, Keras 2 raises ValueError.
        "parameters": (ValueError,),
        # The tape gives gradients of the trainable variables, not of a frozen one.
        "gradient": (KeyError,),
        "assign": (ValueError,),
        "load": (ValueError, OSError),
        **({"pickled": (AttributeError,)} if _HOLDS_LOCAL_FUNCTIONS else {}),
        # From `assert_consumed`, and from a checkpoint that cannot be read.
        "load[checkpoint]": (AssertionError, tf.errors.OpError),
    }
    ways = {
        "added": ("slice", "assign"),
        "copied": ("deepcopy", "clone-model"),
        "save": ("keras-file", "h5-file", "weights-file", "checkpoint"),
        "load": ("weights-file", "checkpoint"),
    }
    whole: ClassVar[tuple[str, ...]] = ("keras-file", "h5-file")
    knowledge = File(__file__).with_suffix(".toml")
    spelling = SPELLING

    def versions(self) -> dict[str, str]:
        return {"keras": keras.__version__, "tensorflow": tf.__version__}

    def build(self, architecture: Architecture) -> Any:
        return self._network(architecture, {})

    def _network(self, architecture: Architecture, initialisers: Mapping[Any, Any]) -> Any:
        widths = [] if architecture.lazy else [keras.Input((architecture.inputs,))]
        return assemble(
            architecture,
            dense=partial(_dense, initialisers),
            container=keras.Sequential,
            outermost=lambda layers: keras.Sequential([*widths, *layers]),
            activation=keras.layers.Activation,
            fused=True,
            custom=NestMLP,
            named=lambda layers, names, own: keras.Sequential(layers, name=own),
        )

    def build_embedding(self, vocabulary: int, width: int) -> Any:
        return TiedDecoder(vocabulary, width)

    def initialise(self, model: Any, x: Inputs) -> Any:
        if not model.built:
            model(x)
        return model

    def forward(self, model: Any, x: Inputs) -> Floats:
        return model(x).numpy()

    def length(self, model: Any, path: Path) -> int:
        return len(self.layer(model, path).layers)

    def layer(self, model: Any, path: Path) -> Any:
        return reduce(_entry, path, model)

    def subscript(self, model: Any, path: Path) -> Listing:
        return [(variable.name, variable) for variable in reduce(getitem, path, model).weights]

    def layer_parameters(self, model: Any, path: Path) -> Listing:
        return [(variable.name, variable) for variable in self.layer(model, path).weights]

    def parameters(self, model: Any) -> Listing:
        return [(variable.path, variable) for variable in model.weights]

    def shape(self, model: Any, handle: Any) -> tuple[int, ...]:
        return tuple(handle.shape)

    def summary(self, model: Any, x: Floats) -> str:
        lines: list[str] = []
        model.summary(expand_nested=True, line_length=200, print_fn=lambda s, **_: lines.append(s))
        return "\n".join(lines)

    def read(self, model: Any, handle: Any) -> Floats:
        return handle.numpy()

    def assign(self, model: Any, handle: Any, value: Floats) -> Any:
        handle.assign(value)
        return model

    def added(self, model: Any, handle: Any, amount: float, way: str) -> Any:
        (handle[:] if way == "slice" else handle).assign(handle + amount)
        return model

    def with_element(
        self, model: Any, handle: Any, index: tuple[int, ...], value: float, way: str
    ) -> Any:
        if way == "slice":
            handle[index].assign(value)
        else:
            handle.assign(tf.tensor_scatter_nd_update(handle, [index], [value]))
        return model

    def native(self, model: Any, handle: Any) -> Any:
        return handle

    def array_type(self) -> type:
        return tf.Tensor

    def backward(self, model: Any, x: Inputs, cotangent: Floats) -> Any:
        variables = model.trainable_variables
        with tf.GradientTape() as tape:
            y = model(x)
        gradients = tape.gradient(y, variables, output_gradients=tf.constant(cotangent))
        return {id(v): gradient for v, gradient in zip(variables, gradients, strict=True)}

    def backward_assigning(
        self, model: Any, x: Floats, cotangent: Floats, handle: Any, value: Floats, late: bool
    ) -> Any:
        variables = model.trainable_variables
        with tf.GradientTape() as tape:
            y = model(x) if late else None
            handle.assign(value)
            y = model(x) if y is None else y
        gradients = tape.gradient(y, variables, output_gradients=tf.constant(cotangent))
        return {id(v): gradient for v, gradient in zip(variables, gradients, strict=True)}

    def gradient(self, model: Any, gradients: Any, handle: Any) -> Any:
        return gradients[id(handle)]

    def freeze(self, model: Any, path: Path) -> Any:
        self.layer(model, path).trainable = False
        return model

    def sgd_step(self, model: Any, x: Floats, cotangent: Floats, rate: float) -> Any:
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(model(x) * cotangent)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer = keras.optimizers.SGD(learning_rate=rate)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        return model

    def seeded(self, architecture: Architecture, x: Floats, seed: int) -> Any:
        keras.utils.set_random_seed(seed)
        return self.initialise(self.build(architecture), x)

    def initialised(
        self,
        architecture: Architecture,
        x: Floats,
        seed: int,
        layers: Mapping[Path, Init],
        custom: Initialiser,
    ) -> Any:
        keras.utils.set_random_seed(seed)
        objects = {init: _initialiser(init, custom) for init in layers.values()}
        return self.initialise(self._network(architecture, objects), x)

    def reinitialised(self, model: Any, x: Floats, seed: int) -> Any:
        keras.utils.set_random_seed(seed)
        return self.initialise(keras.models.clone_model(model), x)

    def copied(self, model: Any, way: str, x: Floats) -> Any:
        if way == "deepcopy":
            return copy.deepcopy(model)
        clone = keras.models.clone_model(model)
        clone(x)
        clone.set_weights(model.get_weights())
        return clone

    def save(self, model: Any, folder: str, way: str) -> None:
        if way == "checkpoint":
            tf.train.Checkpoint(model=model).write(f"{folder}/model")
        elif way == "weights-file":
            model.save_weights(f"{folder}/model.weights.h5")
        else:
            model.save(f"{folder}/{FILES[way]}", **(_V3 if way == "keras-file" else {}))

    def load(self, model: Any, folder: str, way: str) -> Any:
        if way == "checkpoint":
            tf.train.Checkpoint(model=model).read(f"{folder}/model").assert_consumed()
        elif way == "weights-file":
            model.load_weights(f"{folder}/model.weights.h5")
        else:
            return keras.models.load_model(f"{folder}/{FILES[way]}")
        return model

    def carried(self, source: Any, target: Any, path: Path, way: str) -> Any:
        self.layer(target, path).set_weights(self.layer(source, path).get_weights())
        return target

    def exported(self, model: Any) -> dict[str, Floats]:
        found: dict[str, Floats] = {}
        with tempfile.TemporaryDirectory() as folder:
            model.save_weights(f"{folder}/model.weights.h5")
            with h5py.File(f"{folder}/model.weights.h5") as file:
                file.visititems(lambda name, item: _keep(found, name, item))
        return found

    def forget(self) -> None:
        keras.backend.clear_session()


class TensorFlowKeras2(TensorFlow):
    """Keras 2 on TensorFlow 2.12 to 2.15, the last with it, by the idioms of `TensorFlow`."""

    name = "tensorflow-keras2"
    framework = "Keras 2 (TensorFlow)"
    requires = {"keras": ">=2.12,<3"}
    ways = {
        **TensorFlow.ways,
        "save": ("keras-file", "h5-file", "saved-model", "weights-file", "checkpoint"),
    }
    whole = ("keras-file", "h5-file", "saved-model")

    def parameters(self, model: Any) -> Listing:
        return [(variable.name, variable) for variable in model.weights]


def _dense(
    initialisers: Mapping[Any, Any],
    dense: Dense,
    fan_in: int | None,
    ties: Mapping[str, Any],
) -> Any:
    if ties:
        raise NotImplementedError("a Dense layer makes its own variables")
    chosen = {"kernel_initializer": initialisers[dense.init]} if dense.init in initialisers else {}
    return keras.layers.Dense(
        dense.units, activation=dense.activation, use_bias=dense.bias, **chosen
    )


class _Strange(keras.initializers.Initializer):
    def __call__(self, shape: Any, dtype: Any = None) -> Any:
        values = tf.random.uniform(shape, -10, 10, dtype=dtype)
        return values * tf.cast(tf.abs(values) >= 5, dtype)


class _Custom(keras.initializers.Initializer):
    def __init__(self, custom: Initialiser) -> None:
        self.custom = custom

    def __call__(self, shape: Any, dtype: Any = None) -> Any:
        return tf.constant(self.custom(tuple(shape)), dtype)


def _initialiser(init: Init, custom: Initialiser) -> Any:
    made: dict[str, Callable[[], Any]] = {
        "normal": lambda: keras.initializers.RandomNormal(stddev=init.value),
        "constant": lambda: keras.initializers.Constant(init.value),
        "xavier": keras.initializers.GlorotUniform,
        "strange": _Strange,
        "custom": lambda: _Custom(custom),
    }
    return made[init.kind]()


def _keep(found: dict[str, Floats], name: str, item: Any) -> None:
    if isinstance(item, h5py.Dataset):
        found[name] = item[()]


def _entry(block: Any, index: int) -> Any:
    return (block.net, block.linear)[index] if isinstance(block, NestMLP) else block.layers[index]
