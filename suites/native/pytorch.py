"""PyTorch: what the report says of it, shown in its own words; each section runs by itself."""

import copy
import pickle
import tempfile
from pathlib import Path

import numpy as np
import safetensors
import safetensors.torch
import torch
from torch import nn

x = torch.tensor([[1.0, 2.0], [3.0, -1.0]])


def tied():
    """A network for each way of tying its last two layers."""
    same = nn.Linear(2, 2)
    both, bound = nn.Linear(2, 2), nn.Linear(2, 2)
    bound.weight, bound.bias = both.weight, both.bias
    one, half = nn.Linear(2, 2), nn.Linear(2, 2)
    half.weight = one.weight
    return [nn.Sequential(nn.Linear(2, 2), *p) for p in ((same, same), (both, bound), (one, half))]


def is_tied(net):
    """Whether what is written through one of the last two layers is read through the other."""
    net[1].weight.data[:] = 7.0
    return torch.equal(net[2].weight, torch.full((2, 2), 7.0))


# %% output: the output is what the parameters that are read say
net = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
hidden = torch.relu(x @ net[0].weight.T + net[0].bias)
assert net(x).shape == (2, 1)
assert torch.allclose(net(x), hidden @ net[2].weight.T + net[2].bias)

# %% lazy: a width that is left out is inferred from the first input; till then there is no shape
layer = nn.LazyLinear(3)
assert isinstance(layer.weight, nn.parameter.UninitializedParameter)
try:
    layer.weight.shape
except RuntimeError as error:
    unshaped = str(error)
assert "uninitialized parameter" in unshaped
layer(x)
assert layer.weight.shape == (3, 2)

# %% index: net[i] is the i-th entry, also in blocks; -1 is the last; beyond the end is an error
first, inner = nn.Linear(2, 2), nn.Linear(2, 1)
net = nn.Sequential(first, nn.Sequential(nn.ReLU(), inner))
assert net[0] is first and net[1][1] is inner and net[-1][-1] is inner
before = net(x)
net[1][1].bias.data += 1
assert torch.allclose(net(x), before + 1)
for beyond in (2, -3):
    try:
        net[beyond]
    except IndexError:
        continue
    raise AssertionError("an index beyond the end gives a layer")

# %% activation: an activation is an entry of its own
net = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
assert len(net) == 3 and isinstance(net[1], nn.ReLU)

# %% two-parameters: a layer has weight and bias, or the weight alone; the weight is (out, in)
layer, bare = nn.Linear(2, 3), nn.Linear(2, 3, bias=False)
shapes = {name: tuple(parameter.shape) for name, parameter in layer.named_parameters()}
assert shapes == {"weight": (3, 2), "bias": (3,)}
assert [name for name, _ in bare.named_parameters()] == ["weight"]

# %% float32: parameters are float32 by default
assert {parameter.dtype for parameter in nn.Linear(2, 3).parameters()} == {torch.float32}

# %% names: qualified names are unique, follow the place, and are the same when built again
made = [nn.Sequential(nn.Sequential(*(nn.Linear(1, 1) for _ in range(200)))) for _ in range(2)]
first, second = ([name for name, _ in net.named_parameters()] for net in made)
assert len(set(first)) == len(first) == 400
assert first == second
assert "0.102.bias" in first
made[0][0][102].bias.data[:] = 5.0
values = {name: float(value) for name, value in made[0].state_dict().items()}
assert [name for name, value in values.items() if value == 5] == ["0.102.bias"]

# %% walk: walking the layers by index meets the parameters that are listed
same = nn.Linear(2, 2)
net = nn.Sequential(same, nn.Sequential(nn.Linear(2, 2), same))
walked = [*net[0].parameters(), *net[1][0].parameters(), *net[1][1].parameters()]
assert {id(p) for p in walked} == {id(p) for p in net.parameters()}

# %% parameter: a parameter is an object that holds a value and a gradient
layer = nn.Linear(2, 1)
assert isinstance(layer.weight, nn.Parameter) and layer.weight.grad is None
layer(x).sum().backward()
assert isinstance(layer.weight.grad, torch.Tensor)

# %% read: reading gives an array and changes nothing; writing into the array changes the parameter
layer = nn.Linear(2, 1)
first, second = (layer.weight.detach().numpy() for _ in range(2))
assert first.dtype == np.float32 and first.shape == (1, 2) and np.array_equal(first, second)
first[:] = 9.0
assert torch.equal(layer.weight, torch.full((1, 2), 9.0))

# %% gradient: it is None, then the right one of the parameter's shape; a second one is added
layer = nn.Linear(2, 1)
assert layer.weight.grad is None and layer.bias.grad is None
layer(x).sum().backward()
assert layer.weight.grad.shape == layer.weight.shape
assert torch.equal(layer.weight.grad, x.sum(0, keepdim=True))
assert torch.equal(layer.bias.grad, torch.tensor([2.0]))
layer(x).sum().backward()
assert torch.equal(layer.weight.grad, 2 * x.sum(0, keepdim=True))

# %% reset: zero_grad leaves None
layer = nn.Linear(2, 1)
layer(x).sum().backward()
layer.zero_grad()
assert layer.weight.grad is None

# %% frozen: a frozen layer gets no gradient and does not move, while another one does
net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
net[0].requires_grad_(False)
frozen, other = net[0].weight.clone(), net[1].bias.clone()
optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
net(x).sum().backward()
optimizer.step()
assert net[0].weight.grad is None and torch.equal(net[0].weight, frozen)
assert torch.equal(net[1].bias, other - 0.5 * 2)

# %% listing: two for each layer, one without bias, none for activations, each layer once, in order
same = nn.Linear(2, 2)
net = nn.Sequential(same, nn.ReLU(), nn.Sequential(same, nn.Linear(2, 3, bias=False)))
assert [name for name, _ in net.named_parameters()] == ["0.weight", "0.bias", "2.1.weight"]
assert sum(parameter.numel() for parameter in net.parameters()) == 4 + 2 + 6
inner = [id(parameter) for parameter in net[2].parameters()]
assert inner == [id(parameter) for parameter in net.parameters()]
assert [name for name, _ in net[2][1].named_parameters()] == ["weight"]

# %% summary: printing shows every layer, and no total
net = nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.ReLU(), nn.Linear(3, 1)))
assert str(net).count("Linear(") == 2
assert "param" not in str(net).lower()

# %% nested: a block changes neither output nor order, and a path of indices reaches the same place
layers = [nn.Linear(2, 2), nn.Linear(2, 2), nn.Linear(2, 1)]
flat = nn.Sequential(*layers)
net = nn.Sequential(layers[0], nn.Sequential(nn.Sequential(layers[1]), layers[2]))
assert torch.equal(net(x), flat(x))
assert [id(p) for p in net.parameters()] == [id(p) for p in flat.parameters()]
net[1][0][0].weight.data[:] = 3.0
assert torch.equal(flat[1].weight, torch.full((2, 2), 3.0))
assert torch.equal(net(x), flat(x))


# %% factory: names stay unique in blocks that one function makes, whether it names them or not
def block():
    return nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 2))


net = nn.Sequential()
for number in range(4):
    net.add_module(f"block {number}", block())
nameless = nn.Sequential(*(block() for _ in range(4)))
for made in (net, nameless):
    assert len({name for name, _ in made.named_parameters()}) == 16


# %% users-block: a user's block has its inner parameters in its listing, the output and gradients
class NestMLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
        self.linear = nn.Linear(2, 1)

    def forward(self, x):
        return self.linear(self.net(x))


net = nn.Sequential(NestMLP())
assert [name for name, _ in net[0].named_parameters()] == [
    "net.0.weight",
    "net.0.bias",
    "linear.weight",
    "linear.bias",
]
assert len({name for name, _ in net.named_parameters()}) == 4
block = net[0]
assert torch.equal(net(x), block.linear(torch.relu(block.net[0](x))))
net(x).sum().backward()
assert all(parameter.grad is not None for parameter in net.parameters())

# %% init-normal: a normal distribution gives a sample of it
layer = nn.Linear(200, 200)
nn.init.normal_(layer.weight, std=0.01)
nn.init.zeros_(layer.bias)
assert abs(layer.weight.std().item() - 0.01) < 0.0005 and abs(layer.weight.mean().item()) < 0.0005
assert not layer.bias.any()

# %% init-constant: a constant is everywhere
layer = nn.Linear(2, 3)
nn.init.constant_(layer.weight, 42.0)
nn.init.zeros_(layer.bias)
assert torch.equal(layer.weight, torch.full((3, 2), 42.0)) and not layer.bias.any()

# %% init-per-block: an initialiser touches its own layer alone
net = nn.Sequential(nn.Linear(64, 64), nn.Linear(64, 64), nn.Linear(64, 64))
default = net[2].weight.clone()
nn.init.xavier_uniform_(net[0].weight)
nn.init.constant_(net[1].weight, 42.0)
assert 0.2 < net[0].weight.abs().max() <= (6 / 128) ** 0.5
assert torch.equal(net[1].weight, torch.full((64, 64), 42.0))
assert torch.equal(net[2].weight, default)

# %% init-custom: an initialiser of one's own is called once per weight, and its values are used
net = nn.Sequential(nn.Linear(100, 100), nn.Sequential(nn.Linear(100, 100)))
called = []


@torch.no_grad()
def custom(module):
    if isinstance(module, nn.Linear):
        called.append(tuple(module.weight.shape))
        nn.init.uniform_(module.weight, -10, 10)
        module.weight *= module.weight.abs() >= 5


net.apply(custom)
assert called == [(100, 100)] * 2
for weight in (net[0].weight, net[1][0].weight):
    kept = weight[weight != 0].abs()
    assert kept.min() >= 5 and kept.max() <= 10 and 0.45 < len(kept) / weight.numel() < 0.55


# %% init-one-object: one initialiser function draws for each layer that it is given to
def initialiser(weight):
    nn.init.normal_(weight)


first, second = nn.Linear(2, 2), nn.Linear(2, 2)
for layer in (first, second):
    initialiser(layer.weight)
assert not torch.equal(first.weight, second.weight)

# %% init-again: reset_parameters draws every value again
layer = nn.Linear(2, 2)
nn.init.constant_(layer.weight, 1000.0)
nn.init.constant_(layer.bias, 1000.0)
layer.reset_parameters()
assert (layer.weight < 1).all() and (layer.bias < 1).all()

# %% seed: the same seed gives the same parameters, another one others
made = []
for seed in (1, 1, 2):
    torch.manual_seed(seed)
    made.append(nn.Linear(2, 2).weight)
assert torch.equal(made[0], made[1]) and not torch.equal(made[0], made[2])

# %% assign: adding to a parameter, or setting an element, changes it in place and nothing else
layer = nn.Linear(2, 1)
weight, before, bias = layer.weight, layer.weight.detach().clone(), layer.bias.detach().clone()
layer.weight.data[:] += 1
with torch.no_grad():
    layer.weight.add_(1)
assert layer.weight is weight and torch.allclose(weight, before + 2)
layer.weight.data[0, 0] = 42.0
with torch.no_grad():
    layer.weight[0, 1] = -3.0
assert torch.equal(weight, torch.tensor([[42.0, -3.0]])) and torch.equal(layer.bias, bias)
assert torch.allclose(layer(x), x @ torch.tensor([[42.0], [-3.0]]) + bias)

# %% wrong-shape: writing too many rows into a parameter is refused and changes nothing
layer = nn.Linear(2, 2)
before = layer.weight.detach().clone()
try:
    layer.weight.data[...] = torch.ones(3, 2)
except RuntimeError:
    refused = True
assert refused and torch.equal(layer.weight, before)
# Another tensor in place of the data is not written into it, and may have any shape.
layer.weight.data = torch.ones(3, 2)
assert layer.weight.shape == (3, 2)

# %% assign-before-forward: what is assigned before the forward pass is what gradients are of
net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
with torch.no_grad():
    net[1].weight.fill_(2.0)
net(x).sum().backward()
assert torch.equal(net[0].bias.grad, torch.tensor([4.0, 4.0]))

# %% assign-after-forward: overwriting what the backward pass needs makes it an error
net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
y = net(x)
with torch.no_grad():
    net[1].weight.fill_(2.0)
try:
    y.sum().backward()
except RuntimeError as error:
    refused = str(error)
assert "modified by an inplace operation" in refused
# The old value of the first layer's weight is needed for nothing.
net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
y = net(x)
with torch.no_grad():
    net[0].weight.fill_(2.0)
y.sum().backward()

# %% tied: layers that are tied have one parameter, listed once, saved under each of its names
for net in tied():
    assert net[2].weight is net[1].weight
    net[2].weight.data[0, 0] = 5.0
    assert net[1].weight[0, 0] == 5.0
    hidden = net[0](x) @ net[1].weight.T + net[1].bias
    assert torch.allclose(net(x), hidden @ net[1].weight.T + net[2].bias)
    listed = [name for name, _ in net.named_parameters()]
    assert "1.weight" in listed and "2.weight" not in listed
    assert {"1.weight", "2.weight"} <= net.state_dict().keys()

# %% tied-twice-listed: a layer that is added twice is listed twice
same = nn.Linear(2, 2)
net = nn.Sequential(same, nn.ReLU(), same)
assert len(net) == 3 and net[0] is net[2]

# %% tied-gradient: the gradient of a tied weight is the sum over its uses
for net in tied():
    apart = copy.deepcopy(net)
    apart[2] = nn.Linear(2, 2)
    apart[2].load_state_dict(net[2].state_dict())
    for each in (net, apart):
        each(x).sum().backward()
    assert torch.allclose(net[1].weight.grad, apart[1].weight.grad + apart[2].weight.grad)

# %% untied: layers that merely start equal stay apart
first, second = nn.Linear(2, 2), nn.Linear(2, 2)
second.load_state_dict(first.state_dict())
kept = second.weight.clone()
first.weight.data += 1
assert torch.equal(second.weight, kept)
optimizer = torch.optim.SGD(nn.Sequential(first, second).parameters(), lr=0.5)
second(first(x)).sum().backward()
optimizer.step()
assert not torch.equal(first.weight - 1, second.weight)

# %% tied-many: five uses, across levels, and a second group of ties
a, b = nn.Linear(2, 2), nn.Linear(2, 2)
bound = nn.Linear(2, 2)
bound.weight, bound.bias = b.weight, b.bias
half = nn.Linear(2, 2)
half.weight = a.weight
net = nn.Sequential(a, nn.Sequential(a, b, nn.Sequential(a, half)), bound, a)
assert [name for name, _ in net.named_parameters()] == [
    "0.weight",
    "0.bias",
    "1.1.weight",
    "1.1.bias",
    "1.2.1.bias",
]
net[1][2][1].weight.data[:] = 0.5
assert a.weight.max() == a.weight.min() == 0.5
apart = [copy.deepcopy(layer) for layer in (a, a, b, a, half, bound, a)]
assert torch.equal(net(x), nn.Sequential(*apart)(x))
net(x).sum().backward()
nn.Sequential(*apart)(x).sum().backward()
for weight, uses in ((a.weight, (0, 1, 3, 4, 6)), (b.weight, (2, 5))):
    assert torch.allclose(weight.grad, sum(apart[use].weight.grad for use in uses))

# %% tied-training: a step moves a tied weight once, by the summed gradient, and it stays tied
for net in tied():
    before = net[1].weight.detach().clone()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
    net(x).sum().backward()
    optimizer.step()
    assert torch.equal(net[1].weight, before - 0.5 * net[1].weight.grad)
    assert is_tied(net)

# %% tied-copy: a deep copy computes the same, is tied, and is apart from the original
for net in tied():
    twin, kept = copy.deepcopy(net), net[1].weight.clone()
    assert torch.equal(twin(x), net(x)) and is_tied(twin)
    assert torch.equal(net[1].weight, kept)

# %% tied-pickle: what comes out of a pickle is tied
for net in tied():
    twin = pickle.loads(pickle.dumps(net))
    assert torch.equal(twin(x), net(x)) and is_tied(twin)

# %% tied-saved: a network that was saved and loaded is tied, in each format
for net, state, other in zip(tied(), tied(), tied(), strict=True):
    with tempfile.TemporaryDirectory() as folder:
        torch.save(net.state_dict(), f"{folder}/state.pt")
        state.load_state_dict(torch.load(f"{folder}/state.pt"))
        safetensors.torch.save_model(net, f"{folder}/model.safetensors")
        safetensors.torch.load_model(other, f"{folder}/model.safetensors")
        torch.save(net, f"{folder}/whole.pt")
        whole = torch.load(f"{folder}/whole.pt", weights_only=False)
    for loaded in (state, other, whole):
        assert torch.equal(loaded(x), net(x)) and is_tied(loaded)

# %% tied-cast: after a change of number type, and back, the ties are there
for net in tied():
    before = net[1].weight.half().float()
    net.to(torch.float16)
    assert net[2].weight.dtype == torch.float16 and net[2].weight is net[1].weight
    net.to(torch.float32)
    assert torch.equal(net[1].weight, before) and is_tied(net)

# %% tied-again: after initialising again, the ties are there
for net in tied():
    before = net[1].weight.detach().clone()
    net.apply(lambda module: isinstance(module, nn.Linear) and module.reset_parameters())
    assert not torch.equal(net[1].weight, before) and is_tied(net)

# %% embedding: an embedding whose matrix also decodes is one parameter, its gradient of both uses
encoder, decoder = nn.Embedding(3, 2), nn.Linear(2, 3, bias=False)
decoder.weight = encoder.weight
net = nn.Sequential(encoder, decoder)
tokens = torch.tensor([0, 2, 2])
assert len(list(net.parameters())) == 1
assert torch.allclose(net(tokens), encoder.weight[tokens] @ encoder.weight.T)
net(tokens).sum().backward()
decoding = encoder.weight[tokens].sum(0).expand(3, 2)
encoding = torch.tensor([[1.0], [0.0], [2.0]]) * encoder.weight.sum(0)
assert torch.allclose(encoder.weight.grad, decoding + encoding)


# %% save: saving and loading gives back every value bit for bit, a user's block too
class Doubled(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(2, 1)

    def forward(self, x):
        return 2 * self.linear(x)


def make():
    return nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.Linear(2, 2, bias=False)), Doubled())


net, state, other = make(), make(), make()
with tempfile.TemporaryDirectory() as folder:
    torch.save(net.state_dict(), f"{folder}/state.pt")
    state.load_state_dict(torch.load(f"{folder}/state.pt"))
    safetensors.torch.save_model(net, f"{folder}/model.safetensors")
    safetensors.torch.load_model(other, f"{folder}/model.safetensors")
    torch.save(net, f"{folder}/whole.pt")
    whole = torch.load(f"{folder}/whole.pt", weights_only=False)
for loaded in (state, other, whole):
    for name, value in net.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], value)
    assert torch.equal(loaded(x), net(x))

# %% partial: the first layers' parameters are carried over, and the rest stays
source = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
target = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2), nn.Linear(2, 1))
rest = target[2].weight.clone()
for index in range(2):
    target[index].load_state_dict(source[index].state_dict())
assert torch.equal(target(x), target[2](source(x))) and torch.equal(target[2].weight, rest)

# %% misfit: what does not fit is refused, after a part of it was loaded, in each format
heads = {
    "wrong shape": (nn.Linear(2, 2), nn.Linear(2, 4)),
    "layer missing from the file": (nn.Linear(2, 2),),
    "extra layer in the file": (nn.Linear(2, 2), nn.Linear(2, 3), nn.Linear(3, 1)),
}
for head in heads.values():
    foreign = nn.Sequential(*head)
    for form in ("state dict", "safetensors"):
        net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 3))
        with tempfile.TemporaryDirectory() as folder:
            try:
                if form == "state dict":
                    torch.save(foreign.state_dict(), f"{folder}/state.pt")
                    net.load_state_dict(torch.load(f"{folder}/state.pt"))
                else:
                    safetensors.torch.save_model(foreign, f"{folder}/model.safetensors")
                    safetensors.torch.load_model(net, f"{folder}/model.safetensors")
            except RuntimeError:
                assert torch.equal(net[0].weight, foreign[0].weight)
                continue
        raise AssertionError("what does not fit is loaded")

# %% truncated: a file that was cut short is refused and changes nothing, in each format
net = nn.Sequential(nn.Linear(20, 20))
for form in ("state dict", "safetensors", "whole module"):
    with tempfile.TemporaryDirectory() as folder:
        if form == "safetensors":
            safetensors.torch.save_model(net, f"{folder}/file")
        else:
            torch.save(net if form == "whole module" else net.state_dict(), f"{folder}/file")
        content = Path(folder, "file").read_bytes()
        Path(folder, "file").write_bytes(content[: len(content) // 2])
        other = nn.Sequential(nn.Linear(20, 20))
        before = other[0].weight.clone()
        try:
            if form == "safetensors":
                safetensors.torch.load_model(other, f"{folder}/file")
            else:
                torch.load(f"{folder}/file", weights_only=form != "whole module")
        except (RuntimeError, safetensors.SafetensorError):
            assert torch.equal(other[0].weight, before)
            continue
    raise AssertionError("what was cut short is loaded")

# %% step: a step of plain SGD takes the learning rate times the gradient off every parameter
net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1, bias=False))
before = [parameter.detach().clone() for parameter in net.parameters()]
net(x).sum().backward()
torch.optim.SGD(net.parameters(), lr=0.5).step()
for parameter, old in zip(net.parameters(), before, strict=True):
    assert torch.equal(parameter, old - 0.5 * parameter.grad)

# %% train-shared: training with a shared layer can be followed step by step, and the loss falls
torch.manual_seed(0)
same = nn.Linear(2, 2)
net = nn.Sequential(same, same, nn.Linear(2, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
losses = []
for _ in range(4):
    optimizer.zero_grad()
    loss = ((net(x) - 1) ** 2).mean()
    loss.backward()
    before, slope = same.weight.detach().clone(), same.weight.grad.clone()
    optimizer.step()
    assert torch.allclose(net[1].weight, before - 0.01 * slope) and net[1] is net[0]
    losses.append(loss.item())
assert losses == sorted(losses, reverse=True)

# %% saving: a layer that is used three times costs what it costs once
same = nn.Linear(2, 2)
shared = nn.Sequential(same, same, same)
apart = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2), nn.Linear(2, 2))
counts = [sum(p.numel() for p in net.parameters()) for net in (shared, apart)]
assert counts == [6, 18]

# %% export: the exported mapping has every parameter bit for bit, and nothing else
net = nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.Linear(2, 1, bias=False)))
state = net.state_dict()
assert list(state) == ["0.weight", "0.bias", "1.0.weight"]
assert all(torch.equal(state[name], value) for name, value in net.named_parameters())

# %% from-numpy: parameters from elsewhere give the outputs and gradients that NumPy computes
w, v = np.array([[1.0, -2.0], [3.0, 1.0]]), np.array([[2.0, 1.0]])
net = nn.Sequential(nn.Linear(2, 2, bias=False), nn.ReLU(), nn.Linear(2, 1, bias=False))
net[0].weight.data[:] = torch.from_numpy(w)
net[2].weight.data[:] = torch.from_numpy(v)
hidden = np.maximum(x.numpy() @ w.T, 0)
assert np.array_equal(net(x).detach().numpy(), hidden @ v.T)
net(x).sum().backward()
assert np.array_equal(net[2].weight.grad.numpy(), hidden.sum(0, keepdims=True))
assert np.array_equal(net[0].weight.grad.numpy(), ((hidden > 0) * v).T @ x.numpy())
