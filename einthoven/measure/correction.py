"""QT corrected for the heart rate by four formulas; the name of the formula is part of the result.

Bazett 1920, Fridericia 1920, Framingham (Sagie et al. 1992), Hodges et al. 1983.
"""


def corrected_qt_ms(qt_ms: float, rr_ms: float) -> dict[str, float]:
    """Return formula -> QTc in ms; rr_ms: the cycle of the same beats that gave QT.

    >>> {name: round(value) for name, value in corrected_qt_ms(400, 640).items()}
    {'bazett': 500, 'fridericia': 464, 'framingham': 455, 'hodges': 459}
    """
    rr_s = rr_ms / 1000
    return {
        "bazett": qt_ms / rr_s ** (1 / 2),
        "fridericia": qt_ms / rr_s ** (1 / 3),
        "framingham": qt_ms + 154 * (1 - rr_s),
        "hodges": qt_ms + 1.75 * (60 / rr_s - 60),
    }
