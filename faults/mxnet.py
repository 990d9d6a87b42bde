"""Faults in MXNet's Gluon."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable
from typing import Any

import mxnet as mx
from mxnet import autograd, gluon, np
from mxnet.gluon import nn

from paramlaws.faults.fault import Fault, Patch


class InMXNet(Fault):
    """A fault in MXNet."""

    suite = "mxnet"


def _started(*blocks: Any) -> Any:
    net = nn.Sequential()
    net.add(*blocks)
    net.initialize()
    net(np.ones((2, 2)))
    return net


def _net(*widths: int) -> Any:
    return _started(*(nn.Dense(width) for width in widths))


def _shared() -> Any:
    layer = nn.Dense(2, in_units=2)
    return _started(layer, layer)


def _gradient(net: Any, times: int = 1) -> Any:
    """The first bias's gradient of the sum of the outputs, after so many backward passes."""
    for _ in range(times):
        with autograd.record():
            y = net(np.ones((1, 2)))
        y.backward()
    return next(p for p in net.collect_params().values() if "bias" in p.name).grad().asnumpy()


def _again(net: Any, other: Any) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        net.save_parameters(f"{folder}/p")
        other.load_parameters(f"{folder}/p")
    return other


def _index(patch: Patch, changed: Callable[[Any, int], int]) -> None:
    right = nn.Sequential.__getitem__

    def wrong(self: Any, key: Any) -> Any:
        return right(self, changed(self, key) if isinstance(key, int) else key)

    patch.setattr(nn.Sequential, "__getitem__", wrong)


class NegativeIndexIsOffByOne(InMXNet):
    """A negative index of a container leads to the entry before the right one."""

    about = ("access.negative-index",)

    def inject(self, patch: Patch) -> None:
        _index(patch, lambda net, key: key - 1 if key < 0 and len(net) + key > 0 else key)

    def shows(self) -> bool:
        net = _net(2, 3)
        return net[-1] is net[0]


class IndexWrapsAround(InMXNet):
    """An index behind the last entry begins again with the first one."""

    about = ("access.index-out-of-range",)

    def inject(self, patch: Patch) -> None:
        _index(patch, lambda net, key: key % len(net) if len(net) else key)

    def shows(self) -> bool:
        net = _net(2)
        return net[1] is net[0]


class FourthEntryIsTheThird(InMXNet):
    """In containers of four entries and more, index 3 leads to the entry at 2."""

    about = ("access.layer-by-index", "nested.index-path", "access.index-versus-listing")

    def inject(self, patch: Patch) -> None:
        _index(patch, lambda net, key: 2 if key == 3 and len(net) > 3 else key)

    def shows(self) -> bool:
        net = _net(2, 2, 2, 2)
        return net[3] is net[2]


def _collected(patch: Patch, keep: Callable[[str, Any], bool]) -> None:
    right = gluon.Block.collect_params

    def wrong(self: Any, select: Any = None) -> Any:
        found = right(self, select)
        kept = gluon.ParameterDict(found.prefix)
        kept.update({name: p for name, p in found.items() if keep(name, p)})
        return kept

    patch.setattr(gluon.Block, "collect_params", wrong)


class ListingOmitsSingleNumbers(InMXNet):
    """Parameters of one element are not collected, once they have a value."""

    about = ("listing.count", "access.two-parameters")

    def inject(self, patch: Patch) -> None:
        _collected(patch, lambda _, p: p._data is None or tuple(p.shape) != (1,))

    def shows(self) -> bool:
        return len(list(_net(1).collect_params().keys())) == 1


class ListingStopsAtTwoLevels(InMXNet):
    """Parameters in a container in a container are not collected, once they have a value."""

    about = ("listing.count", "listing.element-count", "nested.names")

    def inject(self, patch: Patch) -> None:
        right = gluon.Block.collect_params
        depth = 0

        def wrong(self: Any, select: Any = None) -> Any:
            nonlocal depth
            depth += 1
            try:
                found = right(self, select)
            finally:
                depth -= 1
            started = all(p._data is not None for p in found.values())
            return gluon.ParameterDict(found.prefix) if depth > 2 and started else found

        patch.setattr(gluon.Block, "collect_params", wrong)

    def shows(self) -> bool:
        inner = nn.Sequential()
        inner.add(_net(2))
        return not list(_started(inner).collect_params().keys())


class SingleRowsLoseTheBias(InMXNet):
    """A batch of one row is computed without the bias."""

    about = ("construct.forward-value",)

    def inject(self, patch: Patch) -> None:
        right = nn.Dense.hybrid_forward

        def wrong(self: Any, F: Any, x: Any, weight: Any, bias: Any = None) -> Any:
            single = bias is not None and hasattr(x, "shape") and len(x) == 1
            return right(self, F, x, weight, 0 * bias if single else bias)

        patch.setattr(nn.Dense, "hybrid_forward", wrong)

    def shows(self) -> bool:
        layer = _started(nn.Dense(2))
        layer[0].bias.set_data(np.ones(2))
        return not layer(np.zeros((1, 2))).asnumpy().any()


class ThirdUseHasNoGradient(InMXNet):
    """From the third use of a layer on in a container, nothing is added to its gradient."""

    about = ("tie.gradients-add",)

    def inject(self, patch: Patch) -> None:
        def wrong(self: Any, x: Any) -> Any:
            uses: dict[int, int] = {}
            for block in self._children.values():
                uses[id(block)] = uses.get(id(block), 0) + 1
                if uses[id(block)] > 2 and isinstance(block, nn.Dense):
                    bias = None if block.bias is None else block.bias.data().detach()
                    x = block.hybrid_forward(mx, x, block.weight.data().detach(), bias)
                else:
                    x = block(x)
            return x

        patch.setattr(nn.Sequential, "forward", wrong)

    def shows(self) -> bool:
        layer = nn.Dense(2, in_units=2)
        net = _started(layer, layer, layer)
        layer.weight.set_data(np.eye(2))
        return bool((_gradient(net) == 2).all())


class TiedGradientIsAveraged(InMXNet):
    """The gradient of a layer that a container has twice is divided by two."""

    about = ("tie.gradients-add",)

    def inject(self, patch: Patch) -> None:
        right = nn.Sequential.forward

        def wrong(self: Any, x: Any) -> Any:
            blocks = list(self._children.values())
            y = right(self, x)
            return 0.5 * y + (0.5 * y).detach() if len(set(blocks)) < len(blocks) else y

        patch.setattr(nn.Sequential, "forward", wrong)

    def shows(self) -> bool:
        net = _shared()
        net[0].weight.set_data(np.eye(2))
        return bool((_gradient(net) == 1).all())


class GradientsAdd(InMXNet):
    """A backward pass adds to the gradients that are there, in place of setting them."""

    about = ("gradient.second-backward",)

    def inject(self, patch: Patch) -> None:
        right = gluon.Parameter.__init__

        def wrong(self: Any, name: str, grad_req: str = "write", **options: Any) -> None:
            right(self, name, "add" if grad_req == "write" else grad_req, **options)

        patch.setattr(gluon.Parameter, "__init__", wrong)

    def shows(self) -> bool:
        return bool((_gradient(_net(2), times=2) == 2).all())


class ResetKeepsBiases(InMXNet):
    """Resetting gradients leaves those of biases as they are."""

    about = ("gradient.reset",)

    def inject(self, patch: Patch) -> None:
        def wrong(self: Any) -> None:
            for parameter in self.values():
                if parameter.name.endswith("weight"):
                    parameter.grad()[:] = 0

        patch.setattr(gluon.ParameterDict, "zero_grad", wrong)

    def shows(self) -> bool:
        net = _net(2)
        _gradient(net)
        net.collect_params().zero_grad()
        return bool(net[0].bias.grad().asnumpy().any())


class FrozenWeightsTrain(InMXNet):
    """Setting an attribute of all parameters leaves weights out."""

    about = ("gradient.frozen",)

    def inject(self, patch: Patch) -> None:
        def wrong(self: Any, name: str, value: Any) -> None:
            for parameter in self.values():
                if parameter.name.endswith("bias"):
                    setattr(parameter, name, value)

        patch.setattr(gluon.ParameterDict, "setattr", wrong)

    def shows(self) -> bool:
        net = _net(2)
        net.collect_params().setattr("grad_req", "null")
        return bool(net[0].weight.grad_req == "write")


class StepIsScaledByRows(InMXNet):
    """The trainer divides a step by two."""

    about = ("train.step",)

    def inject(self, patch: Patch) -> None:
        right = gluon.Trainer.step

        def wrong(self: Any, batch_size: int, ignore_stale_grad: bool = False) -> None:
            right(self, 2 * batch_size, ignore_stale_grad)

        patch.setattr(gluon.Trainer, "step", wrong)

    def shows(self) -> bool:
        net = _net(2)
        net[0].bias.set_data(np.zeros(2))
        trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 1.0})
        _gradient(net)
        trainer.step(1)
        return bool((net[0].bias.data().asnumpy() == -0.5).all())


class DefaultRangeIsWider(InMXNet):
    """The default weights are drawn from a range that is a third wider."""

    about = ("init.default-weight",)

    def inject(self, patch: Patch) -> None:
        def wrong(self: Any, _: str, array: Any) -> None:
            np.random.uniform(-1.34 * self.scale, 1.34 * self.scale, array.shape, out=array)

        patch.setattr(mx.init.Uniform, "_init_weight", wrong)

    def shows(self) -> bool:
        return bool(_net(900)[0].weight.data().asnumpy().max() > 0.075)


class BiasesAreDrawn(InMXNet):
    """The default bias is drawn as the weights are, where it was zero."""

    about = ("init.default-bias",)

    def inject(self, patch: Patch) -> None:
        patch.setattr(
            mx.init.Initializer,
            "_init_bias",
            lambda self, _, array: np.random.uniform(-0.07, 0.07, array.shape, out=array),
        )
        patch.setattr(mx.init.Zero, "_init_weight", mx.init.Initializer._init_bias)

    def shows(self) -> bool:
        return bool(_net(2)[0].bias.data().asnumpy().any())


class DeviationIsTheVariance(InMXNet):
    """Drawing from a normal distribution takes the deviation for the variance."""

    about = ("init.normal",)

    def inject(self, patch: Patch) -> None:
        def wrong(self: Any, _: str, array: Any) -> None:
            np.random.normal(0, self.sigma**0.5, array.shape, out=array)

        patch.setattr(mx.init.Normal, "_init_weight", wrong)

    def shows(self) -> bool:
        array = np.zeros((100, 100))
        mx.init.Normal(0.01)._init_weight("", array)
        return bool(array.asnumpy().std() > 0.05)


class XavierSeesOneSide(InMXNet):
    """Xavier's initialisation scales by the number of inputs alone."""

    about = ("init.per-block",)

    def inject(self, patch: Patch) -> None:
        right = mx.init.Xavier.__init__
        patch.setattr(
            mx.init.Xavier, "__init__", lambda self, *_, **options: right(self, "uniform", "in")
        )

    def shows(self) -> bool:
        array = np.zeros((900, 100))
        mx.init.Xavier()._init_weight("", array)
        return bool(array.asnumpy().max() > 0.1)


class ReinitialisingSkipsBiases(InMXNet):
    """Initialising again leaves biases as they are."""

    about = ("init.reinitialise",)

    def inject(self, patch: Patch) -> None:
        right = gluon.Parameter.initialize

        def wrong(self: Any, *arguments: Any, **options: Any) -> None:
            if self.name.endswith("weight") or self._data is None:
                right(self, *arguments, **options)

        patch.setattr(gluon.Parameter, "initialize", wrong)

    def shows(self) -> bool:
        net = _net(2)
        net[0].bias.set_data(np.ones(2))
        net.initialize(force_reinit=True)
        return bool(net[0].bias.data().asnumpy().all())


class CopySharesBiases(InMXNet):
    """A deep copy has the biases of the original."""

    about = ("tie.survives-copy",)

    def inject(self, patch: Patch) -> None:
        def wrong(self: Any, memo: Any) -> Any:
            if self.name.endswith("bias"):
                return self
            new = memo[id(self)] = object.__new__(type(self))
            new.__dict__.update(copy.deepcopy(self.__dict__, memo))
            return new

        patch.setattr(gluon.Parameter, "__deepcopy__", wrong, raising=False)

    def shows(self) -> bool:
        net = _net(2)
        return copy.deepcopy(net)[0].bias is net[0].bias


class SavingRounds(InMXNet):
    """What is saved has the precision of half as many bits."""

    about = ("persist.roundtrip",)

    def inject(self, patch: Patch) -> None:
        right = gluon.Parameter._reduce
        patch.setattr(
            gluon.Parameter,
            "_reduce",
            lambda self: right(self).astype("float16").astype("float32"),
        )

    def shows(self) -> bool:
        net = _net(30)
        there = _again(net, _net(30))
        return bool((there[0].weight.data() != net[0].weight.data()).asnumpy().any())


class LoadingIgnoresWhatIsMissing(InMXNet):
    """Loading asks for nothing that is missing."""

    about = ("persist.mismatch",)

    def inject(self, patch: Patch) -> None:
        right = gluon.Block.load_parameters

        def wrong(self: Any, filename: str, **options: Any) -> None:
            right(self, filename, **{**options, "allow_missing": True})

        patch.setattr(gluon.Block, "load_parameters", wrong)

    def shows(self) -> bool:
        _again(_net(2), _net(2, 2))
        return True


class LoadingSkipsLateLayers(InMXNet):
    """Loading leaves out what is behind the third entry of a container."""

    about = ("persist.roundtrip", "persist.partial")

    def inject(self, patch: Patch) -> None:
        right = gluon.Block.load_parameters

        def wrong(self: Any, filename: str, **options: Any) -> None:
            kept = {
                name: parameter.data().copy()
                for name, parameter in self._collect_params_with_prefix().items()
                if name.split(".")[0] == "3" and parameter._data is not None
            }
            right(self, filename, **options)
            for name, value in kept.items():
                self._collect_params_with_prefix()[name].set_data(value)

        patch.setattr(gluon.Block, "load_parameters", wrong)

    def shows(self) -> bool:
        net = _net(2, 2, 2, 2)
        there = _again(net, _net(2, 2, 2, 2))
        return bool((there[3].weight.data() != net[3].weight.data()).asnumpy().any())


class CastingUnties(InMXNet):
    """Casting a layer that shares its parameters gives it parameters of its own."""

    about = ("tie.survives-cast",)

    def inject(self, patch: Patch) -> None:
        right = gluon.Block.cast

        def wrong(self: Any, dtype: str) -> None:
            right(self, dtype)
            blocks = list(self._children.items())
            for place, (name, block) in enumerate(blocks):
                if block in [earlier for _, earlier in blocks[:place]]:
                    self._children[name] = copy.deepcopy(block)

        patch.setattr(gluon.Block, "cast", wrong)

    def shows(self) -> bool:
        net = _shared()
        net.cast("float16")
        return net[0] is not net[1]


class WritingAnElementWritesItsRow(InMXNet):
    """Assigning one element of a matrix assigns the whole row."""

    about = ("assign.everything",)

    def inject(self, patch: Patch) -> None:
        right = np.ndarray.__setitem__

        def wrong(self: Any, key: Any, value: Any) -> None:
            row = isinstance(key, tuple) and len(key) == 2 and isinstance(key[0], int)
            right(self, key[0] if row else key, value)

        patch.setattr(np.ndarray, "__setitem__", wrong)

    def shows(self) -> bool:
        matrix = np.zeros((2, 2))
        matrix[0, 0] = 1
        return bool(matrix[0, 1] == 1)
