"""What ties survive: training, copying, pickling, saving, casting and initialising again."""

from __future__ import annotations

from tempfile import TemporaryDirectory

import numpy as np

from paramlaws.specs import keeping, reference, starting, values
from paramlaws.specs.architecture import Path
from paramlaws.specs.claim import Inapplicable, Violation, convention, law, require
from paramlaws.specs.claims._drawing import (
    EDITIONS,
    READER,
    each_tie,
    each_way,
    some_in_subprocess,
)
from paramlaws.specs.claims.tie import outputs_without_repeats
from paramlaws.specs.compare import equal
from paramlaws.specs.reference import Array
from paramlaws.specs.subject import Subject


@law(
    "tie.survives-training",
    topic="training a network with ties",
    rule="keeps them, and moves each tied parameter once a step",
    source=EDITIONS,
    needs=("tie", "three uses", "every use contributes"),
    after=("tie.gradients-add", "train.step"),
    **each_tie(),
)
def survives_training(net: Subject) -> None:
    """After any number of optimiser steps the layers are still tied, and one step moved the
    parameter once, as the reference does.
    """
    parameters = net.fill()
    slopes = net.expected_gradients(parameters)
    uses = reference.gradients_by_use(net.architecture, parameters, net.x, net.cotangent)
    tied = net.architecture.tied
    net.event("every use contributes", all(share.any() for name, share in uses if name in tied))
    net.sgd_step(rate=0.5)
    for key, value in net.read_all().items():
        moved = parameters[key] - 0.5 * slopes[key]
        twice = parameters[key] - len(net.architecture.places(key)) * 0.5 * slopes[key]
        manner = "stepped-per-use" if np.array_equal(value, twice) else "violated"
        equal(value, moved, f"{key} after one step", manner)
    # More steps, with values and a rate at which nothing overflows.
    net.assign_all(parameters)
    for _ in range(1 + net.example.pick % 3):
        net.sgd_step(rate=2.0**-20)
    for key in tied:
        first, *others = net.architecture.places(key)
        for other in others:
            what = f"{key} at {other.path} after some steps, compared with {first.path}"
            equal(net.read(other, key), net.read(first, key), what, "untied")
        mark = np.zeros(net.architecture.shapes[key])
        net.assign(first, key, mark)
        for other in others:
            what = f"{key} at {other.path}, written at {first.path} after some steps"
            equal(net.read(other, key), mark, what, "untied")


def _filled(net: Subject) -> dict[str, Array]:
    """Fills the network and returns its parameters.

    Raises Inapplicable if the output does not depend on the number of uses of a layer.
    """
    parameters = net.integers
    expected = net.expected_forward(parameters)
    dropped = outputs_without_repeats(net, parameters)
    if any(np.array_equal(output, expected) for output in dropped):
        raise Inapplicable
    if not values.exact(net.architecture, _changed(net, parameters)):
        raise Inapplicable
    net.event("uses matter", expected.any())
    return net.fill()


def _changed(net: Subject, parameters: dict[str, Array]) -> dict[str, Array]:
    return {**parameters, **{key: parameters[key] + 3 for key in net.architecture.tied}}


def is_tied(copy: Subject, parameters: dict[str, Array]) -> None:
    """Raises Violation unless the network computes with these parameters and keeps its ties.

    Changes the value of each tied parameter.
    """
    expected = copy.expected_forward(parameters)
    equal(copy.forward(), expected, "the output", "other-function")
    count, distinct = len(copy.listing()), len(parameters)
    require(count == distinct, f"it lists {count} parameters, not {distinct}", "untied")
    changed = _changed(copy, parameters)
    for key in copy.architecture.tied:
        first, *others = copy.architecture.places(key)
        copy.assign(first, key, changed[key])
        for other in others:
            what = f"{key}, written at {first.path} and read at {other.path}"
            equal(copy.read(other, key), changed[key], what, "untied")
    equal(copy.forward(), copy.expected_forward(changed), "the output after a change")


def _is_as_it_was(net: Subject, parameters: dict[str, Array], when: str) -> None:
    for key, value in net.read_all().items():
        equal(value, parameters[key], f"{key} of the original, {when}", "shared")
    equal(net.forward(), net.expected_forward(parameters), f"its output, {when}", "shared")


@law(
    "tie.survives-copy",
    topic="copying a network with ties",
    rule="keeps them, apart from those of the original",
    source=READER,
    needs=("tie", "three uses", "uses matter"),
    after=(
        "assign.everything",
        "tie.same-parameter",
        "tie.applied-at-each-use",
        "tie.listed-once",
        "listing.count",
    ),
    **each_way("copied"),
)
def survives_copy(net: Subject) -> None:
    """A copy of the whole network computes the same, is tied inside itself, and is independent of
    the original.
    """
    parameters = _filled(net)
    is_tied(keeping.copied(net), parameters)
    _is_as_it_was(net, parameters, "after the copy changed")


@convention(
    "tie.survives-pickle",
    topic="pickling a network with ties",
    words={
        "tied": "keeps them",
        "untied": "loses them",
        "not-picklable": "fails with the default initialisers",
    },
    source=READER,
    behaviours=("tied", "untied", "not-picklable"),
    faults=("other-function", "shared"),
    needs=("tie", "three uses", "uses matter"),
    after=(
        "assign.everything",
        "tie.same-parameter",
        "tie.applied-at-each-use",
        "tie.listed-once",
        "listing.count",
    ),
    in_subprocess=True,
    ways=("pickle",),
    **some_in_subprocess(each_tie()),
)
def survives_pickle(net: Subject) -> str:
    """An unpickled network, in this process or in another one, computes the same, is independent of
    the original, and is tied, or untied; or a network cannot be pickled. Its layers have the
    framework's default initialisers, which a pickle may have to hold.
    """
    parameters = _filled(net)
    try:
        data = net.suite.pickled(net.model)
    except net.suite.refused_by("pickled"):
        return "not-picklable"
    here = _behaviour_unpickled(net, data, parameters)
    _is_as_it_was(net, parameters, "after what came out of the pickle changed")
    if keeping.also_in_subprocess(net):
        there = keeping.in_subprocess(net, _behaviour_unpickled, data, parameters)
        require(here == there, f"{here} in this process, and {there} in another")
    return here


def _behaviour_unpickled(net: Subject, data: bytes, parameters: dict[str, Array]) -> str:
    try:
        is_tied(keeping.unpickled(net, data), parameters)
    except Violation as violation:
        if violation.behaviour != "untied":
            raise
        return "untied"
    return "tied"


@law(
    "tie.survives-save-load",
    topic="saving and loading a network with ties",
    rule="keeps them",
    source="introduction of all editions",
    needs=("tie", "three uses", "uses matter"),
    after=(
        "assign.everything",
        "tie.same-parameter",
        "tie.applied-at-each-use",
        "listing.count",
        "persist.roundtrip",
    ),
    in_subprocess=True,
    **some_in_subprocess(each_way("save")),
)
def survives_save_load(net: Subject) -> None:
    """A network that was saved and loaded computes the same and is still tied, in this process and
    in another one.
    """
    parameters = _filled(net)
    with TemporaryDirectory() as folder:
        keeping.save(net, folder)
        is_tied(keeping.loaded(net, folder), parameters)
        _is_as_it_was(net, parameters, "after what was loaded changed")
        if keeping.also_in_subprocess(net):
            keeping.in_subprocess(net, _is_tied_when_loaded, folder, parameters)


def _is_tied_when_loaded(net: Subject, folder: str, parameters: dict[str, Array]) -> None:
    is_tied(keeping.loaded(net, folder), parameters)


@law(
    "tie.survives-cast",
    topic="changing the number type of a network with ties",
    rule="keeps them",
    source=READER,
    needs=("tie", "three uses"),
    after=(
        "assign.everything",
        "tie.same-parameter",
        "tie.applied-at-each-use",
        "tie.listed-once",
        "listing.count",
    ),
    **each_tie(),
)
def survives_cast(net: Subject) -> None:
    """After a change of dtype, and back, the layers are still tied and the values are the same."""
    if not values.exact(net.architecture, {k: v + 4 for k, v in net.integers.items()}):
        raise Inapplicable
    parameters = net.fill()
    net.model = net.suite.cast(net.model, "float16")
    for use, key, handle in net.each_use():
        native = np.asarray(net.suite.read(net.model, handle))
        require(native.dtype == np.float16, f"{key} at {use.path} is {native.dtype}")
        equal(net.oriented(native, key), parameters[key], f"{key} at {use.path} as float16")
    for key in net.architecture.tied:
        parameters[key] = parameters[key] + 1
        first, *others = net.architecture.places(key)
        net.assign(first, key, parameters[key])
        for other in others:
            what = f"{key} as float16, written at {first.path} and read at {other.path}"
            equal(net.read(other, key), parameters[key], what, "untied")
    net.model = net.suite.cast(net.model, "float32")
    is_tied(net, parameters)


@law(
    "tie.survives-reinitialise",
    topic="initialising a network with ties again",
    rule="keeps them",
    source=READER,
    needs=("tie", "three uses", "uses matter"),
    after=(
        "assign.everything",
        "tie.same-parameter",
        "tie.applied-at-each-use",
        "init.reinitialise",
        "tie.listed-once",
        "listing.count",
    ),
    **each_tie(),
)
def survives_reinitialise(net: Subject) -> None:
    """After initialising again in the documented way, the layers are still tied, in the new network
    where that way makes one.
    """
    parameters = _filled(net)
    lengths = {path: _length(net, path) for path in net.architecture.containers}
    starting.reinitialised(net, net.example.randomness)
    for path, length in lengths.items():
        # Outer containers first: a wrong one would make the paths to its inner ones wrong.
        found = _length(net, path)
        what = f"the container at {path} has {found} entries instead of {length}"
        require(found == length, what, "other-function")
    for key in net.architecture.tied:
        first, *others = net.architecture.places(key)
        for other in others:
            what = f"{key} at {other.path}, compared with {first.path}"
            equal(net.read(other, key), net.read(first, key), what, "untied")
    net.assign_all(parameters)
    is_tied(net, parameters)


def _length(net: Subject, path: Path) -> int:
    return net.suite.length(net.model, net.native(path))
