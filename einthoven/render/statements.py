"""What a cart's machine says about an ECG: statements from measured figures by published limits, and a verdict."""

from collections.abc import Iterator
from typing import Literal

from einthoven.core.measurements import Amplitudes, Measurements, Place

# Lead groups of the fourth universal definition of infarction (2018): ST counts where two leads of one agree.
GROUPS = {"anterior": tuple(f"V{n}" for n in range(1, 7)), "inferior": ("II", "III", "aVF"), "lateral": ("I", "aVL")}
LIMB, CHEST = ("I", "II", "III", "aVR", "aVL", "aVF"), GROUPS["anterior"]
LOW_LIMB_MV, LOW_CHEST_MV = 0.5, 1.0  # largest QRS of a low voltage ECG, from its highest to its lowest point
SINUS_AXIS_DEG = (-30.0, 90.0)  # of P waves that come from the sinus node: upright in I and II
SUPERIOR_DEG = -90.0

Grade = Literal[0, 1, 2, 3]
Graded = tuple[str, Grade]
VERDICTS = ("Normal ECG", "Otherwise normal ECG", "Borderline ECG", "Abnormal ECG")


def statements_of(measured: Measurements) -> tuple[str, ...]:
    """Return what a machine would print: rhythm, conduction, axis, repolarisation, voltage, cables, then a verdict.

    Terms: AHA/ACCF/HRS recommendations for the standardization of the ECG, part II (Mason et al., Circulation
    2007;115:1325). What is too long, too wide or deviated is decided by `measured.limits` alone, with its sources
    (conduction and axis: part III, Surawicz et al., Circulation 2009;119:e235; QT: part IV, Rautaharju et al.,
    Circulation 2009;119:e241; ST: fourth universal definition, Thygesen et al., J Am Coll Cardiol 2018;72:2231).
    Low voltage: Surawicz and Knilans, Chou's Electrocardiography in Clinical Practice. Where nothing has a limit, as
    under 18, there is no verdict. Where pacing spikes are found, only those and the cables are told: what they pace
    cannot be judged. Research use only.
    """
    if measured.heart_rate_bpm is None:
        return ()
    if measured.rhythm.pacing_spikes_s:
        found: list[Graded] = [("Pacemaker spikes found", 3), *_cables(measured)]
    else:
        found = [*_rhythm(measured), *_conduction(measured), *_axis(measured), *_repolarisation(measured)]
        found += [*_voltage(measured), *_cables(measured)]
    verdict = (VERDICTS[max((grade for _, grade in found), default=0)],) if measured.limits else ()
    return tuple(words for words, _ in found) + verdict


def _place(measured: Measurements, figure: str) -> Place:
    """Tell where a figure lies; one that is not measured, or has no limit for this person, counts as within."""
    limit = measured.limits.get(figure)
    return "within" if limit is None else limit.place


def _rhythm(measured: Measurements) -> Iterator[Graded]:
    """Yield the rhythm: from the sinus node only where P waves lead to the complexes and point the usual way."""
    regular, rate = measured.rhythm.regular, _place(measured, "heart_rate_bpm")
    if measured.pr_ms is None:
        if regular is None:
            yield "Undetermined rhythm", 2
        else:
            yield "Regular rhythm, no P waves found" if regular else "Irregular rhythm, no P waves found", 3
    else:
        speed = {"below": "bradycardia", "within": "rhythm", "above": "tachycardia"}[rate]
        p_axis = measured.axis_deg["p"]
        turned = measured.quality.suspected_reversal is not None
        if p_axis is not None and not turned and not SINUS_AXIS_DEG[0] <= p_axis <= SINUS_AXIS_DEG[1]:
            yield f"Unusual P axis, possible ectopic atrial {speed}", 3
        elif regular is False:
            yield f"Sinus {speed} with sinus arrhythmia", 1
        else:
            normal = regular and rate == "within" and "heart_rate_bpm" in measured.limits
            yield f"{'Normal sinus' if normal else 'Sinus'} {speed}", 0 if rate == "within" else 1
    if len(measured.rhythm.premature_beats_s):
        yield "Premature beats" if len(measured.rhythm.premature_beats_s) > 1 else "Premature beat", 1


def _conduction(measured: Measurements) -> Iterator[Graded]:
    if (pr := _place(measured, "pr_ms")) != "within":
        yield "First degree AV block" if pr == "above" else "Short PR interval", 1
    if _wide(measured):
        yield "Nonspecific intraventricular conduction delay", 3


def _wide(measured: Measurements) -> bool:
    return _place(measured, "qrs_ms") == "above"


def _axis(measured: Measurements) -> Iterator[Graded]:
    """Yield a deviation of the QRS axis; exchanged cables turn it, so that it says nothing then."""
    place, degrees = _place(measured, "axis_deg.qrs"), measured.axis_deg["qrs"]
    if place == "within" or degrees is None or measured.quality.suspected_reversal is not None:
        return
    if degrees < SUPERIOR_DEG:
        yield "Right superior axis deviation", 3
    else:
        yield ("Left axis deviation", 2) if place == "below" else ("Right axis deviation", 2)


def _repolarisation(measured: Measurements) -> Iterator[Graded]:
    """Yield QT and ST; a wide QRS lengthens QT and shifts ST by itself, so that neither is judged then."""
    if _wide(measured):
        return
    if _place(measured, "qtc_ms.bazett") == "above":
        yield "Prolonged QT", 3
    for what in ("elevation", "depression"):
        for group, leads in GROUPS.items():
            if sum(_st(measured, lead) == what for lead in leads) >= 2:
                yield f"ST {what} in {group} leads", 3


def _st(measured: Measurements, lead: str) -> str | None:
    """Tell how ST lies in a lead; one that rises from the J point is not depressed."""
    place, found = _place(measured, f"st_j.{lead}"), measured.amplitudes_mv.get(lead, Amplitudes())
    if place == "below" and found.st_j is not None and found.st_j80 is not None and found.st_j80 <= found.st_j:
        return "depression"
    return "elevation" if place == "above" else None


def _voltage(measured: Measurements) -> Iterator[Graded]:
    """Yield low voltage where all limb leads or all chest leads are measured and none is high."""
    limb, chest = (_highest_mv(measured, leads) for leads in (LIMB, CHEST))
    low = (limb is not None and limb < LOW_LIMB_MV, chest is not None and chest < LOW_CHEST_MV)
    if any(low):
        where = "" if all(low) else " in limb leads" if low[0] else " in chest leads"
        yield f"Low voltage QRS{where}", 2


def _highest_mv(measured: Measurements, leads: tuple[str, ...]) -> float | None:
    swings = [_swing_mv(measured.amplitudes_mv.get(lead)) for lead in leads]
    known = [swing for swing in swings if swing is not None]
    return max(known) if len(known) == len(leads) else None


def _swing_mv(lead: Amplitudes | None) -> float | None:
    deflections = [] if lead is None else [at for at in (lead.r, lead.s, lead.q) if at is not None]
    return max(0.0, *deflections) - min(0.0, *deflections) if deflections else None


def _cables(measured: Measurements) -> Iterator[Graded]:
    suspected = measured.quality.suspected_reversal
    if suspected is not None:
        yield "Suspect arm lead reversal" if "arms" in suspected else "Suspect limb lead reversal", 3
