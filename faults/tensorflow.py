"""Faults in TensorFlow and Keras 3."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from paramlaws.faults.fault import Fault, Patch


class InTensorFlow(Fault):
    """A fault in TensorFlow or Keras."""

    suite = "tensorflow"


def _net(*widths: int) -> Any:
    return keras.Sequential([keras.Input((2,)), *(keras.layers.Dense(width) for width in widths)])


def _through_file(net: Any, other: Any) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        net.save_weights(f"{folder}/model.weights.h5")
        other.load_weights(f"{folder}/model.weights.h5")
    return other


def _called(
    patch: Patch, kernel: Callable[[Any, Any], Any], bias: Callable[[Any, Any], Any]
) -> None:
    """Has dense layers compute with other kernels and biases."""

    def wrong(self: Any, inputs: Any, training: Any = None) -> Any:
        x = tf.matmul(inputs, kernel(self, inputs))
        if self.bias is not None:
            x = x + bias(self, inputs)
        return x if self.activation is None else self.activation(x)

    patch.setattr(keras.layers.Dense, "call", wrong)


class SingleRowsLoseTheBias(InTensorFlow):
    """A batch of one row is computed without the bias."""

    about = ("construct.forward-value",)

    def inject(self, patch: Patch) -> None:
        def bias(layer: Any, inputs: Any) -> Any:
            return tf.convert_to_tensor(layer.bias) * (0.0 if inputs.shape[0] == 1 else 1.0)

        _called(patch, lambda layer, _: tf.convert_to_tensor(layer.kernel), bias)

    def shows(self) -> bool:
        net = _net(2)
        net.layers[0].bias.assign([1.0, 1.0])
        return not net(np.zeros((1, 2), np.float32)).numpy().any()


class SquareKernelsAreTransposed(InTensorFlow):
    """A layer whose kernel is square applies it transposed."""

    about = ("construct.forward-value",)

    def inject(self, patch: Patch) -> None:
        def kernel(layer: Any, _: Any) -> Any:
            value = tf.convert_to_tensor(layer.kernel)
            return tf.transpose(value) if value.shape[0] == value.shape[1] else value

        _called(patch, kernel, lambda layer, _: tf.convert_to_tensor(layer.bias))

    def shows(self) -> bool:
        net, kernel = _net(2), np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)
        net.layers[0].kernel.assign(kernel)
        return bool((net(np.eye(2, dtype=np.float32)).numpy() == kernel.T).all())


class FrozenLayersTrain(InTensorFlow):
    """What is not trainable is among the trainable variables."""

    about = ("gradient.frozen",)
    like = "https://github.com/keras-team/keras/issues/4674"

    def inject(self, patch: Patch) -> None:
        patch.setattr(
            keras.Sequential, "trainable_variables", property(lambda self: self.variables)
        )

    def shows(self) -> bool:
        net = _net(2)
        net.layers[0].trainable = False
        return len(net.trainable_variables) == 2


class StepIsHalved(InTensorFlow):
    """The optimiser takes half a step."""

    about = ("train.step",)

    def inject(self, patch: Patch) -> None:
        right = keras.optimizers.SGD.__init__

        def wrong(self: Any, learning_rate: float = 0.01, **options: Any) -> None:
            right(self, learning_rate=learning_rate / 2, **options)

        patch.setattr(keras.optimizers.SGD, "__init__", wrong)

    def shows(self) -> bool:
        variable = keras.Variable([0.0])
        keras.optimizers.SGD(learning_rate=1.0).apply_gradients([(tf.ones(1), variable)])
        return bool(variable.numpy()[0] == -0.5)


class GradientsAreRounded(InTensorFlow):
    """Gradients have the precision of half as many bits."""

    about = ("gradient.value",)

    def inject(self, patch: Patch) -> None:
        right = tf.GradientTape.gradient

        def wrong(self: Any, target: Any, sources: Any, **options: Any) -> Any:
            found = right(self, target, sources, **options)
            return [g if g is None else tf.cast(tf.cast(g, "bfloat16"), "float32") for g in found]

        patch.setattr(tf.GradientTape, "gradient", wrong)

    def shows(self) -> bool:
        variable = tf.Variable(1.0)
        with tf.GradientTape() as tape:
            y = 1001.0 * variable
        return bool(tape.gradient(y, [variable])[0] != 1001)


class DefaultKernelsAreWider(InTensorFlow):
    """Initial kernels are drawn from a range that is a third wider."""

    about = ("init.default-weight",)
    like = "https://github.com/tensorflow/tensorflow/issues/18706"

    def inject(self, patch: Patch) -> None:
        right = keras.initializers.VarianceScaling.__call__

        def wrong(self: Any, shape: Any, dtype: Any = None) -> Any:
            return 1.34 * right(self, shape, dtype)

        patch.setattr(keras.initializers.VarianceScaling, "__call__", wrong)

    def shows(self) -> bool:
        values = keras.initializers.GlorotUniform()((100, 100)).numpy()
        return bool(values.max() > 0.18)


class BiasesDoNotBeginAtZero(InTensorFlow):
    """The initial bias is a small number, where it was zero."""

    about = ("init.default-bias",)

    def inject(self, patch: Patch) -> None:
        right = keras.initializers.Zeros.__call__

        def wrong(self: Any, shape: Any, dtype: Any = None) -> Any:
            return right(self, shape, dtype) + 0.01

        patch.setattr(keras.initializers.Zeros, "__call__", wrong)

    def shows(self) -> bool:
        return bool(_net(2).layers[0].bias.numpy().any())


class DeviationIsTheVariance(InTensorFlow):
    """Drawing from a normal distribution takes the deviation for the variance."""

    about = ("init.normal",)
    like = "https://github.com/keras-team/keras/issues/8048"

    def inject(self, patch: Patch) -> None:
        right = keras.initializers.RandomNormal.__init__

        def wrong(self: Any, mean: float = 0.0, stddev: float = 0.05, seed: Any = None) -> None:
            right(self, mean, stddev**0.5, seed)

        patch.setattr(keras.initializers.RandomNormal, "__init__", wrong)

    def shows(self) -> bool:
        values = keras.initializers.RandomNormal(stddev=0.01)((100, 100)).numpy()
        return bool(values.std() > 0.05)


class XavierSeesOneSide(InTensorFlow):
    """Xavier's initialisation scales by the number of inputs alone."""

    about = ("init.per-block", "init.default-weight")
    like = "https://github.com/keras-team/keras/pull/22789"

    def inject(self, patch: Patch) -> None:
        right = keras.initializers.GlorotUniform.__init__

        def wrong(self: Any, *arguments: Any, **options: Any) -> None:
            right(self, *arguments, **options)
            self.mode = "fan_in"

        patch.setattr(keras.initializers.GlorotUniform, "__init__", wrong)

    def shows(self) -> bool:
        values = keras.initializers.GlorotUniform()((100, 900)).numpy()
        return bool(values.max() > 0.1)


class SeedsAreHalved(InTensorFlow):
    """Seeds that follow each other are the same."""

    about = ("init.reproducible",)

    def inject(self, patch: Patch) -> None:
        right = keras.utils.set_random_seed
        patch.setattr(keras.utils, "set_random_seed", lambda seed: right(seed // 4))

    def shows(self) -> bool:
        keras.utils.set_random_seed(4)
        first = keras.initializers.RandomUniform()((1,)).numpy()
        keras.utils.set_random_seed(5)
        return bool(first == keras.initializers.RandomUniform()((1,)).numpy())


class CloningKeepsWeights(InTensorFlow):
    """A clone, which is initialised again, has the weights of the original."""

    about = ("init.reinitialise",)

    def inject(self, patch: Patch) -> None:
        right = keras.models.clone_model

        def wrong(model: Any) -> Any:
            clone = right(model)
            if clone.built:
                clone.set_weights(model.get_weights())
            return clone

        patch.setattr(keras.models, "clone_model", wrong)

    def shows(self) -> bool:
        net = _net(2)
        clone = keras.models.clone_model(net)
        return bool((clone.get_weights()[0] == net.get_weights()[0]).all())


class SavingRounds(InTensorFlow):
    """What a layer saves has the precision of half as many bits."""

    about = ("persist.roundtrip",)

    def inject(self, patch: Patch) -> None:
        right = keras.layers.Dense.save_own_variables

        def wrong(self: Any, store: Any) -> None:
            kept: dict[str, Any] = {}
            right(self, kept)
            for name, value in kept.items():
                store[name] = np.asarray(value).astype(np.float16).astype(np.float32)

        patch.setattr(keras.layers.Dense, "save_own_variables", wrong)

    def shows(self) -> bool:
        net = _net(30)
        there = _through_file(net, _net(30))
        return bool((there.get_weights()[0] != net.get_weights()[0]).any())


class LoadingSkipsBiases(InTensorFlow):
    """Loading a layer leaves its bias as it is."""

    about = ("persist.roundtrip", "tie.survives-save-load")
    like = "https://github.com/keras-team/keras/issues/10777"

    def inject(self, patch: Patch) -> None:
        right = keras.layers.Dense.load_own_variables

        def wrong(self: Any, store: Any) -> None:
            kept = None if self.bias is None else self.bias.numpy()
            right(self, store)
            if kept is not None:
                self.bias.assign(kept)

        patch.setattr(keras.layers.Dense, "load_own_variables", wrong)

    def shows(self) -> bool:
        net = _net(2)
        net.layers[0].bias.assign([1.0, 1.0])
        return not _through_file(net, _net(2)).layers[0].bias.numpy().any()


class LoadingSkipsWhatDoesNotFit(InTensorFlow):
    """Weights of another shape are left out without an error."""

    about = ("persist.mismatch",)

    def inject(self, patch: Patch) -> None:
        right = keras.Model.load_weights

        def wrong(self: Any, filepath: Any, **options: Any) -> None:
            right(self, filepath, skip_mismatch=True)

        patch.setattr(keras.Model, "load_weights", wrong)

    def shows(self) -> bool:
        _through_file(_net(2), _net(3))
        return True


class NothingNeedsToBeConsumed(InTensorFlow):
    """A checkpoint that lacks a variable is loaded without an error."""

    about = ("persist.mismatch",)

    def inject(self, patch: Patch) -> None:
        status = _status()
        patch.setattr(status, "assert_consumed", lambda self: self)

    def shows(self) -> bool:
        with tempfile.TemporaryDirectory() as folder:
            tf.train.Checkpoint(model=_net(2)).write(f"{folder}/a")
            tf.train.Checkpoint(model=_net(2, 2)).read(f"{folder}/a").assert_consumed()
        return True


def _status() -> type:
    """What tells of a checkpoint that was read."""
    with tempfile.TemporaryDirectory() as folder:
        tf.train.Checkpoint(a=tf.Variable(1.0)).write(f"{folder}/a")
        return type(tf.train.Checkpoint(a=tf.Variable(1.0)).read(f"{folder}/a"))


class ListingOmitsSingleNumbers(InTensorFlow):
    """Weights of one element are not listed."""

    about = ("listing.count",)

    def inject(self, patch: Patch) -> None:
        right = keras.layers.Layer.weights.fget
        assert right is not None
        patch.setattr(
            keras.Sequential,
            "weights",
            property(lambda self: [w for w in right(self) if w.shape != (1,)]),
            raising=False,
        )

    def shows(self) -> bool:
        return len(_net(1).weights) == 1


class PathsAreShort(InTensorFlow):
    """The path of a variable has its last two parts only, without the layer's number."""

    about = ("access.unique-names",)
    like = "https://github.com/plaidml/plaidml/issues/130"

    def inject(self, patch: Patch) -> None:
        right = keras.Variable.path.fget
        assert right is not None

        def wrong(self: Any) -> str:
            parts = str(right(self)).split("/")[-2:]
            return "/".join(part.rstrip("0123456789_") for part in parts)

        patch.setattr(keras.Variable, "path", property(wrong))

    def shows(self) -> bool:
        paths = [weight.path for weight in _net(2, 2).weights]
        return len(set(paths)) < len(paths)


class AssigningRounds(InTensorFlow):
    """What is assigned has the precision of half as many bits."""

    about = (
        "assign.everything",
        "value.explicit-read",
        "access.layer-by-index",
        "persist.roundtrip",
    )

    def inject(self, patch: Patch) -> None:
        right = keras.Variable.assign

        def wrong(self: Any, value: Any) -> Any:
            return right(self, tf.cast(tf.cast(value, "bfloat16"), "float32"))

        patch.setattr(keras.Variable, "assign", wrong)

    def shows(self) -> bool:
        net = _net(2)
        net.layers[0].bias.assign([1001.0, 0.0])
        return bool(net.layers[0].bias.numpy()[0] != 1001)
