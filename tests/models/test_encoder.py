from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from models.encoder import Encoder

TEXTS = [
    "The app crashes every time I open it.",
    "ok",
    "",
    "I waited three weeks for the router and nobody at the hotline could tell me where it was, even though "
    "I called four times and wrote two letters to the address on your website.",
    "Love it 😍😍😍",
    "Der Zug kam zu spät und niemand hat sich gemeldet.",
    "配送がとても遅かった。",
    "   \n\t ",
    "Great fit, great colour, would buy again!",
    "zzzzqqq xyzzy 0x1F #@!",
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load(threads=2)


def test_rows_are_unit_vectors_of_384_numbers(encoder: Encoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("n_texts", [1, 2, 3, 7])
def test_a_text_has_the_same_vector_alone_and_in_any_batch(encoder: Encoder, n_texts: int) -> None:
    together = encoder.encode(TEXTS)
    apart = [encoder.encode(TEXTS[start : start + n_texts]) for start in range(0, len(TEXTS), n_texts)]
    np.testing.assert_array_equal(np.concatenate(apart), together)


def test_vectors_follow_the_order_given(encoder: Encoder) -> None:
    order = np.random.default_rng(3).permutation(len(TEXTS))
    shuffled = encoder.encode([TEXTS[row] for row in order])
    np.testing.assert_array_equal(shuffled, encoder.encode(TEXTS)[order])


def test_order_holds_across_windows(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = encoder.encode(TEXTS)
    monkeypatch.setattr("models.encoder._WINDOW", 3)
    np.testing.assert_array_equal(encoder.encode(TEXTS), whole)


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


def test_words_beyond_256_tokens_are_not_read(encoder: Encoder) -> None:
    long = "slow " * 300
    vectors = encoder.encode([long, long + "wonderful " * 5000])
    np.testing.assert_allclose(vectors[0], vectors[1], atol=1e-6)


def test_like_sentences_are_nearer_than_unlike_ones(encoder: Encoder) -> None:
    a, b, c = encoder.encode(
        ["My parcel never arrived.", "The package was not delivered.", "The waiter was charming."]
    )
    assert a @ b > 0.6
    assert a @ c < 0.3


def test_every_text_is_reported_once(encoder: Encoder) -> None:
    done: list[int] = []
    encoder.encode(TEXTS, on_batch=done.append)
    assert sum(done) == len(TEXTS)


def test_one_text_instead_of_a_sequence_is_refused(encoder: Encoder) -> None:
    with pytest.raises(TypeError, match="sequence of texts"):
        encoder.encode("not a list")


def test_neither_torch_nor_transformers_is_imported() -> None:
    code = (
        "import sys; from models.tagger import Tagger; Tagger.load(threads=1).read(['x']);"
        "assert not {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
