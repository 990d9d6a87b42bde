"""Faults in MXNet's Gluon: copying, casting, saving, writing."""

from __future__ import annotations

import copy
from typing import Any

from mxnet import gluon, np

from paramlaws.faults.fault import Patch
from paramlaws.faults.mxnet.common import (
    InMXNet,
    loaded_into,
    network,
    sharing,
)


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
        net = network(2)
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
        net = network(30)
        there = loaded_into(net, network(30))
        return bool((there[0].weight.data() != net[0].weight.data()).asnumpy().any())


class LoadingIgnoresWhatIsMissing(InMXNet):
    """Loading asks for nothing that is missing."""

    about = ("persist.mismatch",)
    like = "https://github.com/apache/mxnet/issues/11222"

    def inject(self, patch: Patch) -> None:
        right = gluon.Block.load_parameters

        def wrong(self: Any, filename: str, **options: Any) -> None:
            right(self, filename, **{**options, "allow_missing": True})

        patch.setattr(gluon.Block, "load_parameters", wrong)

    def shows(self) -> bool:
        loaded_into(network(2), network(2, 2))
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
        net = network(2, 2, 2, 2)
        there = loaded_into(net, network(2, 2, 2, 2))
        return bool((there[3].weight.data() != net[3].weight.data()).asnumpy().any())


class CastingUnties(InMXNet):
    """Casting a layer that shares its parameters gives it parameters of its own."""

    about = ("tie.survives-cast",)
    like = "https://github.com/apache/mxnet/issues/17184"

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
        net = sharing()
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
