"""The report of a training: one page of HTML that needs no network, with plots of weights and scores."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from math import log2
from typing import Final

from services.intake.matching.explaining import level_words
from services.intake.matching.levels import LEVELS
from services.intake.matching.weights import Weights

_BINS: Final = 20
#: Where the bars begin: left of it stand the words.
_NOUGHT: Final = 500.0
#: How wide a bit is drawn, and from how many on a bar grows no more.
_BIT_WIDTH: Final = 10
_MOST_BITS: Final = 20.0
_HEADINGS: Final = {
    "given": "Given name",
    "family": "Family name",
    "birth": "Date of birth",
    "number": "NHS number",
    "upn": "Pupil number",
    "address": "Address",
    "sex": "Sex",
    "telephone": "Telephone",
}
_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Weights {version}</title>
<style>
body {{ font: 16px/1.5 Arial, sans-serif; color: #0b0c0c; max-width: 50rem; margin: 2rem auto;
  padding: 0 1rem }}
table {{ border-collapse: collapse }} th, td {{ text-align: left; padding: .2rem 1rem .2rem 0 }}
th + td {{ text-align: right; font-variant-numeric: tabular-nums }}
h1 {{ overflow-wrap: anywhere }} .plot {{ overflow-x: auto }}
svg {{ display: block; width: 100%; min-width: 40rem; height: auto }}
svg text {{ font: 14px Arial, sans-serif }}
</style>
</head>
<body>
<main>
<h1>Weights {version}</h1>
<p>{source}</p>
<table>
{facts}
</table>
<h2>What each level is worth</h2>
<p>In bits against a stranger: each bit to the right doubles the odds of being one person, each to the left
halves them. Agreement of a rare name or date is worth more than is shown here, of a common one less.</p>
{weights}
<h2>How likely the candidates are</h2>
<p>Of all pairs that share a key, by the probability that they are one person. Two hills far apart are good;
a hill in the middle is work for people. Heights are logarithmic, or the strangers would hide the rest.</p>
{scores}
</main>
</body>
</html>
"""


def write_report(weights: Weights, probabilities: Sequence[float], facts: dict[str, str]) -> str:
    """Return the page.

    Args:
        probabilities: of every candidate under these weights.
        facts: what else to tell, by name; no personal data.
    """
    rows = {
        **facts,
        "Known descriptions of one who comes": f"{weights.match_share:.3f}",
        "Known relatives of one who comes": f"{weights.relatives:.2f}",
        "Known twins of one who comes": f"{weights.twins:.4f}",
    }
    told = (
        f"<tr><th scope=row>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows.items()
    )
    return _PAGE.format(
        version=escape(weights.version),
        source=escape(weights.source),
        facts="\n".join(told),
        weights="\n".join(_weights_of(weights)),
        scores=_distribution(probabilities),
    )


def _weights_of(weights: Weights) -> Iterator[str]:
    same, stranger = weights.classes.same, weights.classes.stranger
    for evidence, levels in LEVELS.items():
        bits = {level: log2(same[evidence][level] / stranger[evidence][level]) for level in levels}
        yield f"<h3>{_HEADINGS.get(evidence, evidence)}</h3>\n{_bars(evidence, bits)}"


def _bars(evidence: str, bits: dict[str, float]) -> str:
    """Draw one bar for each level, to the right or left of a line at nought."""
    height = 22 * len(bits) + 8
    name = _HEADINGS.get(evidence, evidence)
    parts = [
        f'<div class="plot" role="region" tabindex="0" aria-label="Weights of {name}">',
        f'<svg role="img" aria-label="Weights of {name}" viewBox="0 0 800 {height}">',
        f'<line x1="{_NOUGHT}" y1="0" x2="{_NOUGHT}" y2="{height}" stroke="#505a5f"/>',
    ]
    for place, (level, worth) in enumerate(bits.items()):
        wide = min(abs(worth), _MOST_BITS) * _BIT_WIDTH
        left, colour = (_NOUGHT, "#00703c") if worth >= 0 else (_NOUGHT - wide, "#d4351c")
        top = 22 * place + 6
        parts += [
            f'<rect x="{left:.1f}" y="{top}" width="{wide:.1f}" height="16" fill="{colour}"/>',
            f'<text x="4" y="{top + 13}">{escape(level_words(evidence, level))}</text>',
            f'<text x="790" y="{top + 13}" text-anchor="end">{worth:+.1f}</text>',
        ]
    return "\n".join([*parts, "</svg>", "</div>"])


def _distribution(probabilities: Sequence[float]) -> str:
    """Draw how many candidates lie in each twentieth; heights are logarithmic, or strangers hide the rest."""
    edges = [place / _BINS for place in range(_BINS + 1)]
    counts = [0] * _BINS
    for probability in probabilities:
        counts[min(int(probability * _BINS), _BINS - 1)] += 1
    tallest = max(log2(count + 1) for count in counts) or 1.0
    parts = [
        '<div class="plot" role="region" tabindex="0" aria-label="Candidates by probability">',
        '<svg role="img" aria-label="Candidates by probability" viewBox="0 0 800 270">',
        '<text x="400" y="264" text-anchor="middle">probability that they are one person, from</text>',
    ]
    for place, ((low, high), count) in enumerate(zip(pairwise(edges), counts, strict=True)):
        tall = 190 * log2(count + 1) / tallest
        parts += [
            f'<rect x="{place * 40 + 2}" y="{220 - tall:.1f}" width="36" height="{tall:.1f}" fill="#1d70b8">',
            f"<title>{low:.2f} to {high:.2f}: {count}</title></rect>",
            f'<text x="{place * 40 + 20}" y="{214 - tall:.1f}" text-anchor="middle">{count}</text>',
            f'<text x="{place * 40 + 20}" y="240" text-anchor="middle">{low:.2f}</text>',
        ]
    return "\n".join([*parts, "</svg>", "</div>"])
