"""Faults in TensorFlow and Keras: initial values."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from paramlaws.faults.fault import Patch
from paramlaws.faults.tensorflow.common import InKeras, InKeras2, network


class DefaultKernelsAreWider(InKeras):
    """Initial kernels are drawn from a range that is a third wider."""

    about = ("init.default-weight",)
    like = "https://github.com/tensorflow/tensorflow/issues/18706"

    def inject(self, patch: Patch) -> None:
        right = keras.initializers.VarianceScaling.__call__

        def wrong(self: Any, shape: Any, dtype: Any = None, **options: Any) -> Any:
            return 1.34 * right(self, shape, dtype, **options)

        patch.setattr(keras.initializers.VarianceScaling, "__call__", wrong)

    def shows(self) -> bool:
        values = keras.initializers.GlorotUniform()((100, 100)).numpy()
        return bool(values.max() > 0.18)


class BiasesDoNotBeginAtZero(InKeras):
    """The initial bias is a small number, where it was zero."""

    about = ("init.default-bias",)

    def inject(self, patch: Patch) -> None:
        right = keras.initializers.Zeros.__call__

        def wrong(self: Any, shape: Any, dtype: Any = None, **options: Any) -> Any:
            return right(self, shape, dtype, **options) + 0.01

        patch.setattr(keras.initializers.Zeros, "__call__", wrong)

    def shows(self) -> bool:
        return bool(network(2).layers[0].bias.numpy().any())


class DeviationIsTheVariance(InKeras):
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


class XavierSeesOneSide(InKeras):
    """Xavier's initialisation scales by the number of inputs alone."""

    about = ("init.default-weight", "init.per-block")
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


class SeedsAreHalved(InKeras):
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


class CloningKeepsWeights(InKeras):
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
        net = network(2)
        clone = keras.models.clone_model(net)
        return bool((clone.get_weights()[0] == net.get_weights()[0]).all())


class DeferredLayersAreDrawnTwice(InKeras2):
    """Where a container infers its input width, its layers' kernels are drawn twice."""

    about = ("init.custom",)
    like = "https://github.com/keras-team/keras/issues/1427"

    def inject(self, patch: Patch) -> None:
        right = keras.Sequential._build_graph_network_for_inferred_shape

        def wrong(self: Any, input_shape: Any, input_dtype: Any = None) -> None:
            before = self._inferred_input_shape
            right(self, input_shape, input_dtype)
            for layer in self.layers if before != self._inferred_input_shape else ():
                if isinstance(layer, keras.layers.Dense):
                    layer.kernel.assign(layer.kernel_initializer(layer.kernel.shape))

        patch.setattr(keras.Sequential, "_build_graph_network_for_inferred_shape", wrong)

    def shows(self) -> bool:
        shapes = []

        def drawn(shape: Any, dtype: Any = None) -> Any:
            shapes.append(shape)
            return keras.initializers.Ones()(shape, dtype)

        keras.Sequential([keras.layers.Dense(2, kernel_initializer=drawn)])(tf.ones((1, 2)))
        return len(shapes) == 2
