"""An embedding whose matrix also decodes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from paramlaws.specs.architecture import Architecture, Dense
from paramlaws.specs.case import Case
from paramlaws.specs.claim import Violation, law, require
from paramlaws.specs.compare import equal
from paramlaws.specs.example import Example
from paramlaws.specs.subject import Subject


@st.composite
def _embeddings(draw: st.DrawFn, sizes: Sequence[int], case: Case) -> Example:
    """A vocabulary and a width, encoded as the dense layer that does the same to one-hot rows."""
    vocabulary, width = draw(st.sampled_from(sizes)), draw(st.sampled_from(sizes))
    architecture = Architecture(vocabulary, (Dense(width, bias=False),))
    return Example(
        architecture,
        draw(st.sampled_from((1, 2, 3, 5))),
        draw(st.integers(0, 255)),
        draw(st.integers(0, 63)),
    )


@law(
    "tie.embedding",
    topic="an embedding that also decodes",
    rule="is one parameter, whose gradient sums both uses",
    source="Turkish edition, on word embeddings",
    needs=("not square", "a token twice", "both uses contribute"),
    after=("gradient.value", "listing.count"),
    stands_for="an embedding with the vocabulary as inputs and its width as units",
    draw=_embeddings,
    edges={None: (Example(Architecture(3, (Dense(2, bias=False),)), 5),)},
)
def embedding(net: Subject) -> None:
    """An embedding whose matrix also decodes, transposed, is one parameter: listed once, changed in
    both of its uses at once, and its gradient is the sum of both.
    """
    vocabulary = net.architecture.inputs
    rng = np.random.default_rng([net.example.seed, 4])
    matrix = rng.integers(-2, 3, (vocabulary, net.architecture.outputs)).astype(np.float64)
    tokens = rng.integers(0, vocabulary, net.example.rows)
    x = tokens.astype(np.int32)
    cotangent = rng.integers(1, 3, (tokens.size, vocabulary)).astype(np.float32)
    suite = net.suite
    model = suite.initialise(suite.build_embedding(*matrix.shape), x)
    listed = list(suite.parameters(model))
    require(len(listed) == 1, f"the network lists {[name for name, _ in listed]}", "untied")
    net.event("a token twice", len(set(tokens.tolist())) < tokens.size)
    model = suite.assign(model, listed[0][1], matrix.astype(np.float32))
    matrix.flat[net.example.pick % matrix.size] += 3
    model = suite.assign(model, listed[0][1], matrix.astype(np.float32))
    handle = next(iter(suite.parameters(model)))[1]
    equal(suite.read(model, handle), matrix, "the matrix, read after it was assigned")
    equal(suite.forward(model, x), matrix[tokens] @ matrix.T, "the scores")
    gradients = suite.backward(model, x, cotangent)
    found = suite.gradient(model, gradients, handle)
    encoding = np.zeros_like(matrix)
    np.add.at(encoding, tokens, cotangent @ matrix)
    decoding = cotangent.T @ matrix[tokens]
    net.event("both uses contribute", encoding.any() and decoding.any())
    if found is None:
        raise Violation("the matrix has no gradient")
    one_use = any(np.array_equal(found, share) for share in (encoding, decoding))
    manner = "one-use" if one_use else "violated"
    equal(found, encoding + decoding, "the gradient of the matrix", manner)
