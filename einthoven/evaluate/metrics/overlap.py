"""How far the words of a text are those of a reference: tokens, n-grams, longest common subsequence, METEOR.

BLEU tokens: "13a" of mteval, case kept. ROUGE-L and METEOR: runs of letters and digits of any script, case folded.
"""

import re
from collections import Counter
from collections.abc import Container, Sequence
from functools import lru_cache
from itertools import pairwise

ORDERS = 4
ALPHA, BETA, GAMMA = (
    0.9,
    3.0,
    0.5,
)  # METEOR: weight of recall, steepness and size of the penalty (2005: 10PR / (R + 9P))
_ESCAPED = (("&quot;", '"'), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"))
_APART = (
    (re.compile(r"([{-~\[-` -&(-+:-@/])"), r" \1 "),
    (re.compile(r"([^0-9])([.,])"), r"\1 \2 "),
    (re.compile(r"([.,])([^0-9])"), r" \1 \2"),
    (re.compile(r"([0-9])(-)"), r"\1 \2 "),
)
_WORD = re.compile(r"[^\W_]+")
_VOWEL = re.compile(r"[aeiouyäöüå]")
_SUFFIXES = ("ational", "ations", "ation", "ments", "ment", "ness", "ings", "ing", "edly", "ies", "ied", "ely",
             "ers", "ed", "ly", "es", "er", "en", "al", "ic", "s", "e", "y")  # fmt: skip
LEAST_STEM = 3  # letters that are left, one of them a vowel


@lru_cache(maxsize=65536)
def tokens_13a(text: str) -> tuple[str, ...]:
    """Return the tokens of mteval-v13a."""
    line = text.rstrip().replace("<skipped>", "").replace("-\n", "").replace("\n", " ")
    for escaped, plain in _ESCAPED if "&" in line else ():
        line = line.replace(escaped, plain)
    line = f" {line} "
    for pattern, apart in _APART:
        line = pattern.sub(apart, line)
    return tuple(line.split())


@lru_cache(maxsize=65536)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, case folded, without punctuation.

    >>> words_of("Sinusrhythmus, überdrehter Linkstyp.")
    ('sinusrhythmus', 'überdrehter', 'linkstyp')
    """
    return tuple(_WORD.findall(text.casefold()))


def ngram_sums(said: Sequence[str], gold: Sequence[str]) -> list[float]:
    """Return length of what was said, of the gold, then of each order the n-grams matched, then those said.

    An n-gram is matched as often as the gold has it at most.
    """
    matched, total = [], []
    for order in range(1, ORDERS + 1):
        mine = Counter(zip(*(said[start:] for start in range(order)), strict=False))
        other = Counter(zip(*(gold[start:] for start in range(order)), strict=False))
        matched.append(float(sum(min(count, other[gram]) for gram, count in mine.items() if gram in other)))
        total.append(float(max(0, len(said) - order + 1)))
    return [float(len(said)), float(len(gold)), *matched, *total]


def longest_common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the length of the longest common subsequence, by bits of the shorter (Crochemore et al. 2001)."""
    short, long = sorted((one, other), key=len)
    places: dict[str, int] = {}
    for place, word in enumerate(short):
        places[word] = places.get(word, 0) | 1 << place
    full = (1 << len(short)) - 1
    row = full
    for word in long:
        hit = row & places.get(word, 0)
        row = ((row + hit) | (row - hit)) & full
    return len(short) - row.bit_count()


def rouge_l(said: Sequence[str], gold: Sequence[str]) -> float:
    """Return ROUGE-L F with beta = 1 (Lin 2004): precision and recall of the longest common subsequence."""
    return 2 * longest_common(said, gold) / (len(said) + len(gold)) if said and gold else 0.0


@lru_cache(maxsize=65536)
def suffix_stem(word: str) -> str:
    """Return a word without its longest known English suffix: a short list of endings, not the Porter stemmer.

    >>> [suffix_stem(word) for word in ("blocked", "blocks", "block", "waves", "wave", "st", "123s")]
    ['block', 'block', 'block', 'wav', 'wav', 'st', '123s']
    """
    for suffix in _SUFFIXES:
        stem = word.removesuffix(suffix)
        if stem != word and len(stem) >= LEAST_STEM and _VOWEL.search(stem) and not (suffix == "s" and stem[-1] == "s"):
            return stem
    return word


def aligned(said: Sequence[str], gold: Sequence[str]) -> list[tuple[int, int]]:
    """Return which word said is which of the gold: equal words first, then equal stems, each word once.

    A stage matches as many as it can: words that occur once, then neighbours of matches, then what is left, from left
    to right. So the chunks are near the fewest; an exhaustive search might find fewer where words are repeated.
    """
    found: dict[int, int] = {}
    _match(said, gold, found)
    _match([suffix_stem(word) for word in said], [suffix_stem(word) for word in gold], found)
    return sorted(found.items())


def _match(said: Sequence[str], gold: Sequence[str], found: dict[int, int]) -> None:
    """Add the matches of one stage to those found."""
    taken = set(found.values())
    mine, places = _places(said, found), _places(gold, taken)

    def take(at: int, place: int) -> None:
        found[at] = place
        taken.add(place)

    def beside(at: int, step: int) -> None:
        place = found.get(at - step, -9) + step
        if at not in found and 0 <= place < len(gold) and place not in taken and gold[place] == said[at]:
            take(at, place)

    once = [word for word, here in mine.items() if len(here) == 1 == len(places.get(word, ()))]
    for word in once:
        take(mine[word][0], places[word][0])
    for at in range(len(said)):
        beside(at, 1)
    for at in reversed(range(len(said))):
        beside(at, -1)
    left = {word: iter(free) for word, free in places.items()}
    for at, word in enumerate(said):
        beside(at, 1)
        place = None if at in found else next((free for free in left.get(word, ()) if free not in taken), None)
        if place is not None:
            take(at, place)


def _places(words: Sequence[str], taken: Container[int]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        if place not in taken:
            places.setdefault(word, []).append(place)
    return places


def meteor(said: Sequence[str], gold: Sequence[str]) -> float:
    """Return METEOR of exact and stem matches (Banerjee and Lavie 2005): alpha 0.9, beta 3, gamma 0.5; no synonyms.

    The penalty for broken order is 0.5 (chunks / matches)^3, and none where both texts match whole in one chunk.
    """
    pairs = aligned(said, gold)
    if not pairs:
        return 0.0
    matches = len(pairs)
    precision, recall = matches / len(said), matches / len(gold)
    mean = precision * recall / (ALPHA * precision + (1 - ALPHA) * recall)
    breaks = sum(b != (a[0] + 1, a[1] + 1) for a, b in pairwise(pairs))
    whole = breaks == 0 and matches == len(said) == len(gold)
    return mean if whole else mean * (1 - GAMMA * ((breaks + 1) / matches) ** BETA)
