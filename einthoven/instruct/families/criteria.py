"""Criteria of findings in measured features: each says whether it is met and why; sources stand in `reasoning`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from einthoven.core.measurements import Amplitudes, Measurements
from einthoven.instruct.families.certain import Facts
from einthoven.instruct.families.sentences import joined, quoted

Judged = tuple[bool, str] | None
INVERTED_MV = -0.1
SOKOLOW_MV = 3.5
UPRIGHT = ("I", "II", "V3", "V4", "V5", "V6")  # leads whose T wave is upright in healthy adults
NEIGHBOURS = (("I", "aVL"), ("II", "III"), ("II", "aVF"), ("III", "aVF"), ("V1", "V2"), ("V2", "V3"), ("V3", "V4"),
              ("V4", "V5"), ("V5", "V6"))  # fmt: skip
WIDE_MS, LONG_PR_MS, SHORT_PR_MS = 120.0, 200.0, 120.0
_QTC = "qtc_ms.fridericia"


@dataclass(frozen=True)
class Seen:
    """What a criterion may look at. leads: the amplitudes of readable leads."""

    known: Facts
    measured: Measurements
    leads: Mapping[str, Amplitudes]

    def figure(self, name: str) -> float | None:
        return self.known.figures.get(name)

    @property
    def p_waves(self) -> bool:
        """Tell that P waves precede the complexes: without them PR is not measured."""
        return "pr_ms" in self.known.figures

    @property
    def no_p_waves(self) -> bool:
        """Tell that no P wave could be measured (not that its figure is merely unsure)."""
        return self.measured.figures.get("p_ms") is None and self.measured.figures.get("pr_ms") is None

    def told(self, name: str) -> str:
        return quoted(name, self.known.figures[name])


def steps_of(seen: Seen) -> dict[str, str]:
    """Return heading -> what is seen, in the order in which an ECG is read."""
    steps: dict[str, str] = {}
    if (bpm := seen.figure("heart_rate_bpm")) is not None:
        pace = "below 60 bpm, slow" if bpm < 60 else "above 100 bpm, fast" if bpm > 100 else "between 60 and 100 bpm"
        steps["Rate"] = f"{seen.told('heart_rate_bpm')}, {pace}"
    regular = seen.measured.rhythm.regular
    beats = "" if regular is None else f"the RR intervals are {'regular' if regular else 'irregular'}"
    waves = "no P waves can be measured" if seen.no_p_waves else ""
    if seen.p_waves:
        waves = f"P waves precede the QRS complexes, with a PR interval of {seen.told('pr_ms')}"
    if text := "; ".join(filter(None, (waves, beats))):
        steps["Rhythm"] = text
    if (axis := seen.figure("axis_deg.qrs")) is not None:
        side = "left of -30°" if -90 <= axis < -30 else "between -30° and 90°" if -30 <= axis <= 90 else "right of 90°"
        steps["Axis"] = seen.told("axis_deg.qrs") + (f", {side}" if axis >= -90 else "")
    if (qrs := seen.figure("qrs_ms")) is not None:
        steps["QRS"] = (
            f"{seen.told('qrs_ms')}, {'wide (120 ms or more)' if qrs >= WIDE_MS else 'below 120 ms, not wide'}"
        )
    if text := _repolarisation(seen):
        steps["ST segment and T wave"] = text
    if seen.figure(_QTC) is not None:
        steps["QTc"] = f"{seen.told(_QTC)} by Fridericia's formula"
    return steps


def _repolarisation(seen: Seen) -> str:
    """Return ST and T. A shift or inversion that the label denies is left out, not explained away."""
    said = []
    shifts = {place: shifted(seen, place) for place in ("above", "below")}
    for place, word, code in (("above", "raised", "STE_"), ("below", "lowered", "STD_")):
        if shifts[place] and code not in seen.known.absent and "NORM" not in seen.known.there:
            said.append(f"the J point is {word} in {lead_list(shifts[place])}")
    if (down := inverted(seen)) and "INVT" not in seen.known.absent and "NORM" not in seen.known.there:
        said.append(f"the T wave is inverted in {lead_list(down)}")
    if not any(shifts.values()) and _limits_known(seen):
        said.append("no ST shift beyond the limits")
    return "; ".join(said)


def plain(seen: Seen) -> bool:
    """Tell that nothing measured looks abnormal, the limits taken narrowly."""
    bpm, pr = seen.figure("heart_rate_bpm"), seen.figure("pr_ms")
    usual = (bpm is None or 60 <= bpm <= 100) and (pr is None or pr <= LONG_PR_MS)
    waves = inverted(seen) or shifted(seen, "above") or shifted(seen, "below")
    inside = all(place == "within" for place in seen.known.places.values())
    return usual and inside and not waves and seen.measured.rhythm.regular is not False


def inverted(seen: Seen) -> list[str]:
    """Return the leads in which an inverted T wave is abnormal and there."""
    return [lead for lead in UPRIGHT if _t(seen, lead) <= INVERTED_MV]


def lead_list(leads: tuple[str, ...] | list[str]) -> str:
    return f"{'lead' if len(leads) == 1 else 'leads'} {joined(leads)}"


def shifted(seen: Seen, place: str) -> list[str]:
    """Return the leads whose J point lies beyond its limit."""
    limits = seen.measured.limits
    return [lead for lead in seen.leads if (one := limits.get(f"st_j.{lead}")) is not None and one.place == place]


def _limits_known(seen: Seen) -> bool:
    return sum(f"st_j.{lead}" in seen.measured.limits for lead in seen.leads) >= 11  # all but aVR


def _t(seen: Seen, lead: str) -> float:
    one = seen.leads.get(lead)
    return 0.0 if one is None or one.t is None else one.t


def _rate(low: float, high: float) -> Callable[[Seen], Judged]:
    """A sinus rhythm whose rate lies beyond a limit; a rate near it decides nothing."""

    def judge(seen: Seen) -> Judged:
        bpm = seen.figure("heart_rate_bpm")
        if bpm is None:
            return None
        rate = seen.told("heart_rate_bpm")
        if bpm < low or bpm > high:
            limit = "below 60 bpm" if high > 1000 else "above 100 bpm"
            return (True, f"P waves are present and the rate of {rate} is {limit}") if seen.p_waves else None
        limit = "not below 60 bpm" if high > 1000 else "not above 100 bpm"
        return False, f"the rate of {rate} is {limit}"

    return judge


def _first_degree(seen: Seen) -> Judged:
    pr = seen.figure("pr_ms")
    if pr is None:
        return None
    return (
        pr > LONG_PR_MS,
        f"the PR interval of {seen.told('pr_ms')} is {'' if pr > LONG_PR_MS else 'not '}above 200 ms",
    )


def _wide(seen: Seen) -> Judged:
    """Only what rules a complete block out, or shows that one may be there: its side is the label's."""
    qrs = seen.figure("qrs_ms")
    if qrs is None:
        return None
    if qrs < WIDE_MS:
        return False, f"the QRS duration of {seen.told('qrs_ms')} is below 120 ms"
    return True, f"the QRS duration of {seen.told('qrs_ms')} reaches 120 ms"


def _right(seen: Seen) -> Judged:
    """Wide, with a terminal R in V1: what is upright there is larger than what goes down."""
    judged, v1 = _wide(seen), seen.leads.get("V1")
    if judged is None or not judged[0]:
        return judged
    if v1 is None or v1.r is None or v1.s is None or v1.q is None:
        return None
    if v1.r <= max(-v1.s, -v1.q):
        return (False, "QRS is wide, but V1 is mainly negative") if v1.r < max(-v1.s, -v1.q) / 2 else None
    return True, f"{judged[1]} and V1 is mainly positive"


def _left(seen: Seen) -> Judged:
    """Wide, with V1 mainly negative and V6 mainly positive."""
    judged, v1, v6 = _wide(seen), seen.leads.get("V1"), seen.leads.get("V6")
    if judged is None or not judged[0]:
        return judged
    if v1 is None or v6 is None or None in (v1.r, v1.s, v1.q, v6.r, v6.s):
        return None
    down, up = max(-(v1.s or 0.0), -(v1.q or 0.0)), v1.r or 0.0
    if up > down:
        return False, "QRS is wide, but V1 is mainly positive"
    if down > 2 * up and (v6.r or 0.0) > -(v6.s or 0.0):
        return True, f"{judged[1]}, V1 is mainly negative and V6 mainly positive"
    return None


def _fascicle(low: float, high: float, words: str) -> Callable[[Seen], Judged]:
    def judge(seen: Seen) -> Judged:
        axis, qrs = seen.figure("axis_deg.qrs"), seen.figure("qrs_ms")
        if axis is None:
            return None
        told = seen.told("axis_deg.qrs")
        if not low <= axis <= high:
            return False, f"the axis of {told} does not lie {words}"
        if qrs is None or qrs >= WIDE_MS:
            return None
        return True, f"the axis of {told} lies {words} and QRS, at {seen.told('qrs_ms')}, is not wide"

    return judge


def _axis(low: float, high: float, words: str) -> Callable[[Seen], Judged]:
    def judge(seen: Seen) -> Judged:
        axis = seen.figure("axis_deg.qrs")
        if axis is None:
            return None
        met = low <= axis <= high
        return met, f"the axis of {seen.told('axis_deg.qrs')} {'lies' if met else 'does not lie'} {words}"

    return judge


def _long_qt(seen: Seen) -> Judged:
    limit = seen.measured.limits.get(_QTC)
    if limit is None or limit.high is None or seen.figure(_QTC) is None or seen.figure("qrs_ms") is None:
        return None
    met = limit.place == "above"
    words = f"{'above' if met else 'not above'} the limit of {limit.high:.0f} ms"
    return met, f"the QTc of {seen.told(_QTC)} is {words}"


def _fibrillation(seen: Seen) -> Judged:
    if seen.p_waves:
        return False, f"P waves precede the QRS complexes at a fixed PR interval of {seen.told('pr_ms')}"
    if seen.no_p_waves and seen.measured.rhythm.regular is False:
        return True, "the RR intervals are irregular and no P waves can be measured"
    return None


def _sinus(seen: Seen) -> Judged:
    bpm = seen.figure("heart_rate_bpm")
    if seen.p_waves and seen.measured.rhythm.regular and bpm is not None and 50 <= bpm <= 100:
        return True, f"P waves precede the QRS complexes, which are regular at {seen.told('heart_rate_bpm')}"
    if seen.no_p_waves and seen.measured.rhythm.regular is False:
        return False, "no P waves can be measured and the RR intervals are irregular"
    return None


def _hypertrophy(seen: Seen) -> Judged:
    v1, v5, v6 = (seen.leads.get(lead) for lead in ("V1", "V5", "V6"))
    if v1 is None or v5 is None or v6 is None or v1.s is None or v1.q is None or v5.r is None or v6.r is None:
        return None
    index = max(-v1.s, -v1.q) + max(v5.r, v6.r)
    met = index >= SOKOLOW_MV
    words = "reaches" if met else "does not reach"
    if abs(index - SOKOLOW_MV) < 0.1:
        return None  # one lead moved by a finger's breadth would turn the verdict
    return met, f"the Sokolow-Lyon index, S in V1 plus R in V5 or V6, is {index:.1f} mV and {words} 3.5 mV"


def _preexcitation(seen: Seen) -> Judged:
    pr, qrs = seen.figure("pr_ms"), seen.figure("qrs_ms")
    if pr is None:
        return None
    if pr >= SHORT_PR_MS:
        return False, f"the PR interval of {seen.told('pr_ms')} is not short (below 120 ms)"
    if qrs is None or qrs < WIDE_MS:
        return None
    return True, f"the PR interval of {seen.told('pr_ms')} is short and QRS, at {seen.told('qrs_ms')}, is wide"


def _inverted_t(seen: Seen) -> Judged:
    if not all(lead in seen.leads and seen.leads[lead].t is not None for lead in UPRIGHT):
        return None
    down = inverted(seen)
    if len(down) > 1:
        return True, f"the T wave reaches -0.1 mV or less in {lead_list(down)}"
    upright = all(_t(seen, lead) > 0 for lead in UPRIGHT)
    return (False, f"the T wave is upright in {lead_list(UPRIGHT)}") if upright else None


def _shift(place: str, word: str) -> Callable[[Seen], Judged]:
    """ST beyond its limit in two leads beside each other (Thygesen 2018)."""

    def judge(seen: Seen) -> Judged:
        if not _limits_known(seen):
            return None
        leads = shifted(seen, place)
        if any(one in leads and other in leads for one, other in NEIGHBOURS):
            return True, f"the J point is {word} beyond its limit in {lead_list(leads)}"
        return None if leads else (False, f"the J point is {word} beyond its limit in no lead")

    return judge


CRITERIA: Mapping[str, Callable[[Seen], Judged]] = {
    "SR": _sinus,
    "SBRAD": _rate(60, 10_000),
    "STACH": _rate(0, 100),
    "AFIB": _fibrillation,
    "1AVB": _first_degree,
    "LPR": _first_degree,
    "CRBBB": _right,
    "CLBBB": _left,
    "LAFB": _fascicle(-90, -45, "between -45° and -90°"),
    "LPFB": _fascicle(90, 180, "between 90° and 180°"),
    "LAD": _axis(-90, -30, "between -30° and -90°"),
    "RAD": _axis(90, 180, "between 90° and 180°"),
    "LNGQT": _long_qt,
    "LVH": _hypertrophy,
    "VCLVH": _hypertrophy,
    "WPW": _preexcitation,
    "INVT": _inverted_t,
    "STE_": _shift("above", "raised"),
    "STD_": _shift("below", "lowered"),
}
