"""Vectors of texts: what an installed model would be read from, and what is said where none is installed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from brief.analysis import encoders, text_vectors
from brief.contract import tables
from brief.errors import BriefError

SIZE, HEADS = 8, 2


def made_up(layers: int = 2) -> dict[str, encoders.Floats]:
    """The weights of a small transformer, drawn."""
    chance = np.random.default_rng(1)
    embeddings = {"word_embeddings": 30, "position_embeddings": 16, "token_type_embeddings": 2}
    shapes: dict[str, tuple[int, ...]] = {f"embeddings.{part}.weight": (n, SIZE) for part, n in embeddings.items()}
    dense = {"attention.self.query": 1, "attention.self.key": 1, "attention.self.value": 1}
    dense |= {"attention.output.dense": 1, "intermediate.dense": 4, "output.dense": 1}
    norms = ["embeddings"]
    for layer in range(layers):
        name = f"encoder.layer.{layer}"
        for part, times in dense.items():
            inside = 4 * SIZE if part == "output.dense" else SIZE
            shapes[f"{name}.{part}.weight"] = (times * SIZE, inside)
            shapes[f"{name}.{part}.bias"] = (times * SIZE,)
        norms += [f"{name}.attention.output", f"{name}.output"]
    weights = {name: chance.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    for name in norms:
        weights |= {
            f"{name}.LayerNorm.weight": np.ones(SIZE, np.float32),
            f"{name}.LayerNorm.bias": np.zeros(SIZE, np.float32),
        }
    return weights


def test_a_file_of_tensors_is_read_number_by_number(tmp_path: Path) -> None:
    half, whole = np.arange(6, dtype=np.float16).reshape(2, 3), np.array([1.5, -2], dtype=np.float32)
    head = {
        "__metadata__": {"format": "pt"},
        "a": {"dtype": "F16", "shape": [2, 3], "data_offsets": [0, 12]},
        "ids": {"dtype": "I64", "shape": [1], "data_offsets": [20, 28]},
        "b": {"dtype": "F32", "shape": [2], "data_offsets": [12, 20]},
    }
    words = json.dumps(head).encode()
    content = len(words).to_bytes(8, "little") + words + half.tobytes() + whole.tobytes() + bytes(8)
    (tmp_path / "model.safetensors").write_bytes(content)
    read = encoders.tensors(tmp_path / "model.safetensors")
    assert sorted(read) == ["a", "b"]
    assert (read["a"] == half).all() and (read["b"] == whole).all()


def test_a_text_is_the_mean_of_its_pieces_and_none_is_nothing() -> None:
    table = np.array([[1, 0], [0, 1], [1, 1]], dtype=np.float32)
    assert encoders.mean_of_pieces(table, [[0, 1], [2], []]).tolist() == [[0.5, 0.5], [1, 1], [0, 0]]


def test_a_sentence_does_not_depend_on_those_beside_it() -> None:
    weights = made_up()
    texts = [[1, 5, 2], [1, 7, 8, 9, 10, 2], [], [1, 2]]
    together = encoders.sentence_vectors(weights, texts, HEADS)
    alone = [encoders.sentence_vectors(weights, [ids], HEADS)[0] for ids in texts]
    assert np.allclose(together, alone, atol=1e-5)
    assert not together[2].any() and together[[0, 1, 3]].any(axis=1).all()
    assert not np.allclose(encoders.sentence_vectors(weights, [[1, 2, 5]], HEADS)[0], together[0]), "order counts"


def test_the_transformer_is_the_one_of_the_paper() -> None:
    """One piece attends to itself alone, so a layer can be written down without attention."""
    weights = made_up(layers=1)
    name = "encoder.layer.0"

    def linear(values: encoders.Floats, part: str) -> encoders.Floats:
        result: encoders.Floats = weights[f"{name}.{part}.weight"] @ values + weights[f"{name}.{part}.bias"]
        return result

    def evened(values: encoders.Floats) -> encoders.Floats:
        even: encoders.Floats = (values - values.mean()) / values.std()
        return even

    parts = ("word_embeddings", "position_embeddings", "token_type_embeddings")
    hidden = evened(sum((weights[f"embeddings.{part}.weight"][0] for part in parts), np.zeros(SIZE, np.float32)))
    hidden = evened(hidden + linear(linear(hidden, "attention.self.value"), "attention.output.dense"))
    wide = linear(hidden, "intermediate.dense")
    gelu = 0.5 * wide * (1 + np.tanh(np.sqrt(2 / np.pi) * (wide + 0.044715 * wide**3)))
    hidden = evened(hidden + linear(gelu, "output.dense"))
    assert np.allclose(encoders.sentence_vectors(weights, [[0]], HEADS)[0], hidden, atol=5e-3)


@pytest.mark.parametrize("kind", ["wordllama", "minilm"])
def test_a_model_that_is_not_installed_is_asked_for_plainly(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "find_spec", lambda package: None)
    with pytest.raises(BriefError, match="which is not installed") as told:
        text_vectors.fit(kind, [("A text.", "en")])
    assert "pip install -e '.[" in told.value.faults[0].remedy and "text_vectors" in told.value.faults[0].remedy


def test_an_unknown_kind_is_refused_with_those_there_are() -> None:
    with pytest.raises(BriefError, match="no vectors of the kind 'gpt'") as told:
        text_vectors.fit("gpt", [("A text.", "en")])
    assert "words, wordllama, minilm" in told.value.faults[0].remedy


def test_the_contract_names_the_kinds_that_there_are() -> None:
    (key,) = [column for column in tables.BRIEF_KEYS if column.name == "text_vectors"]
    assert key.values == text_vectors.KINDS
