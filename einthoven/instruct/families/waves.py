"""Questions about single waves and beats: P before QRS, polarity of T, number and time of beats, spikes."""

from collections.abc import Iterator, Mapping, Sequence

from einthoven.core.measurements import Measurements
from einthoven.core.waves import Wave
from einthoven.instruct.case import Case
from einthoven.instruct.families.certain import Facts, facts
from einthoven.instruct.families.figures import HIDES_T, readable, yes_no
from einthoven.instruct.family import Asked, Asker, Family

P_BEFORE = (
    "Does a P wave come before most QRS complexes?",
    "Are most QRS complexes preceded by a P wave?",
    "Do you find P waves ahead of the QRS complexes?",
    "Is there a P wave in front of most beats?",
    "Can P waves be seen that lead to the QRS complexes?",
    "Are the ventricular complexes mostly announced by P waves?",
    "Looking at what stands before each QRS complex, is it a P wave in most beats?",
    "Atrial activity: does a P wave lead into the majority of the beats?",
    "When you go from beat to beat, do you regularly meet a P wave before QRS?",
    "Would you describe P waves that precede the QRS complexes?",
)
T_POINTS = (
    "Is the T wave in lead {lead} upright or inverted?",
    "How does the T wave point in lead {lead}: upright or inverted?",
    "State the T wave polarity in lead {lead} (upright or inverted).",
    "Tell me whether T is upright or inverted in lead {lead}.",
    "What polarity does the T wave of lead {lead} have, upright or inverted?",
    "What is the direction of T in lead {lead}, upright or inverted?",
    "In lead {lead}, would you call the T wave upright or inverted?",
    "Describe the T wave of lead {lead} with one word: upright or inverted.",
    "Upright or inverted: which of the two fits the T wave in lead {lead}?",
    "Look at repolarization in lead {lead}; does it give an upright or an inverted T wave?",
)
COUNT = (
    "How many QRS complexes are in the recording?",
    "Count the QRS complexes.",
    "How many beats does this recording hold?",
    "What number of QRS complexes do you count?",
    "Give the number of ventricular complexes in this ECG.",
    "How often does a QRS complex occur in the whole recording?",
    "Count all heartbeats from the beginning to the end of the tracing.",
    "From the first second to the last, how many ventricular beats are recorded?",
    "Go through the rhythm strip and tell me the total of QRS complexes.",
    "I would like to know the beat count of this recording.",
)
ONSET = (
    "At what time does the first QRS complex begin, in seconds?",
    "When does the first QRS complex start (seconds from the beginning)?",
    "Give the onset of the first QRS complex in seconds.",
    "How many seconds into the recording does the first QRS complex begin?",
    "State the start time of the first ventricular complex in seconds.",
    "After how many seconds does the first beat's QRS complex set in?",
    "Find where the first QRS complex starts; answer in seconds from the start of the recording.",
    "Measured from the left edge of the recording, at how many seconds is the onset of the first QRS complex?",
    "The first ventricular depolarization begins at which time (s)?",
    "Locate the onset of the very first QRS complex on the time axis, in seconds.",
)
PEAK = (
    "At what time is the {nth} R peak of lead II, in seconds?",
    "When does the {nth} R wave of lead II peak (seconds from the beginning)?",
    "Give the time of the {nth} R peak of lead II, in seconds.",
    "How many seconds into the recording is the {nth} R peak of lead II?",
    "State where the {nth} R peak of lead II lies, in seconds.",
    "After how many seconds does the {nth} R wave of lead II reach its summit?",
    "Find the {nth} R peak of lead II and give its time in seconds.",
    "Measured from the left edge of the recording, where is the {nth} R peak of lead II, in seconds?",
    "The summit of the {nth} R wave in lead II stands at which time (s)?",
    "Number the R peaks of lead II from the beginning: at how many seconds is the {nth} of them?",
)
FIRST = (
    "Which wave comes first in the recording: P wave, QRS complex or T wave?",
    "What is the first complete wave of the recording: P wave, QRS complex or T wave?",
    "Does the recording begin with a P wave, a QRS complex or a T wave?",
    "Name the first wave in lead II: P wave, QRS complex or T wave.",
    "Is the wave that opens the recording a P wave, a QRS complex or a T wave?",
    "Which of P wave, QRS complex and T wave appears earliest in lead II?",
    "Starting at the left edge, which do you meet first: P wave, QRS complex or T wave?",
    "Going through lead II from its start, is your first whole wave a P wave, a QRS complex or a T wave?",
    "Lead II begins somewhere in the heart cycle: is a P wave, a QRS complex or a T wave next?",
    "Of the three waves P wave, QRS complex and T wave, which one does lead II show before the others?",
)
SPIKES = (
    "Are pacing spikes visible?",
    "Do you see pacemaker spikes?",
    "Does the tracing contain pacing spikes?",
    "Are there stimulation artefacts of a pacemaker?",
    "Can pacing stimuli be seen on this ECG?",
    "Is there any pacemaker spike in the recording?",
    "Are the beats accompanied by sharp spikes from a pacemaker?",
    "Look for the narrow spikes of a pacemaker: are they there?",
    "Would you note pacing artefacts on this tracing?",
    "Does an implanted pacemaker leave visible stimuli in these leads?",
)
EARLY = (
    "Is there any premature beat?",
    "Does any beat come too early?",
    "Are there premature beats in this recording?",
    "Do you see a beat that comes before its time?",
    "Is the rhythm broken by premature beats?",
    "Does a premature beat occur anywhere?",
    "Compare the cycles: does at least one beat arrive early?",
    "Would you report premature beats here?",
    "Among the beats of this tracing, is one premature?",
    "Check the rhythm strip for beats that break in early: are there any?",
)
EARLY_COUNT = (
    "How many premature beats are in the recording?",
    "Count the premature beats.",
    "What number of beats come too early?",
    "How many beats arrive before their time?",
    "Give the number of premature beats.",
    "How often does a premature beat occur in this recording?",
    "Count how many times a beat breaks in early.",
    "In the whole tracing, how many beats are premature?",
    "Tell me the total of early beats.",
    "I would like to know how many premature beats were recorded.",
)
EARLY_TIME = (
    "At what time does the first premature beat begin, in seconds?",
    "When does the first premature beat come (seconds from the beginning)?",
    "Give the time of the first premature beat in seconds.",
    "How many seconds into the recording is the first premature beat?",
    "State the onset of the first premature QRS complex in seconds.",
    "After how many seconds does the first early beat break in?",
    "Find the first premature beat and give its time in seconds.",
    "Measured from the left edge of the recording, where does the first early beat start, in seconds?",
    "The first beat that breaks the rhythm begins at which time (s)?",
    "On the time axis, at how many seconds do you find the first premature complex?",
)
WORDINGS: Mapping[str, tuple[str, ...]] = {
    "p_before": P_BEFORE, "t_points": T_POINTS, "count": COUNT, "onset": ONSET, "peak": PEAK, "first": FIRST,
    "spikes": SPIKES, "early": EARLY, "early_count": EARLY_COUNT, "early_time": EARLY_TIME,
}  # fmt: skip

POINTS = ("upright", "inverted")
CLEAR_T_MV = 0.1
SURE_WAVE = 0.8  # mean confidence of the waves that are counted
EDGE_S = 0.15  # nearer to the beginning a complex may be cut off, and what is first be a matter of taste
NTH = ("first", "second", "third", "fourth", "fifth", "sixth")
UPRIGHT = 1.5  # R against Q and S: below it the peak of the complex is not R
NAMES = {"P": "P wave", "QRS": "QRS complex", "T": "T wave"}
FIBRILLATES = frozenset(("AFIB",))
NOT_LED = frozenset(("AFIB", "AFLT", "3AVB", "VTACH", "VFIB", "JUNC", "SVTAC", "PSVT", "PACE"))
PREMATURE = frozenset(("PVC", "PAC", "PRC(S)", "BIGU", "TRIGU"))
PATTERNS = frozenset(("BIGU", "TRIGU"))  # their first beat may be the early one, and nobody can tell
# No beat is early against such a rhythm, or every second is.
UNSTEADY = frozenset(("AFIB", "AFLT", "SARRH", "SVARR", "PSVT", "2AVB", "MOBITZ1", "MOBITZ2", "3AVB", "VTACH", "VFIB"))


def ask(case: Case, asker: Asker) -> Iterator[Asked]:
    """Ask about waves and beats of which measurement and findings agree."""
    if case.measured is None:
        return
    known = facts(case)
    codes = frozenset((*known.there, *known.open))
    yield from _p_before(case.measured, known, codes, asker)
    if not codes & HIDES_T:
        yield from _t_points(case, asker)
        yield from _beats(case, "AFIB" not in codes, asker)
    yield from _spikes(case, known, asker)
    yield from _premature(case, known, codes, asker)


def _p_before(measured: Measurements, known: Facts, codes: frozenset[str], asker: Asker) -> Iterator[Asked]:
    """Yes where a sure PR interval fits the rhythm; no where the atria fibrillate and none was measured."""
    led = "pr_ms" in known.figures and not codes & NOT_LED
    fibrillates = known.has(FIBRILLATES) and measured.figures.get("pr_ms") is None and not codes & {"SR", "PACE"}
    if led or fibrillates:
        yield yes_no("waves:p_before", "p_before", asker.words(P_BEFORE), led)


def _t_points(case: Case, asker: Asker) -> Iterator[Asked]:
    """Which way is drawn first: upright is many times as frequent."""
    inverted = bool(asker.dice.integers(2))
    sign = -1 if inverted else 1
    clear = [lead for lead, one in readable(case).items() if one.t is not None and sign * one.t > CLEAR_T_MV]
    if clear:
        lead = clear[int(asker.dice.integers(len(clear)))]
        question = asker.words(T_POINTS, lead=lead)
        yield Asked("waves:t_points", "feature", "closed", "t_points", question, POINTS[inverted], POINTS)


def _beats(case: Case, with_p: bool, asker: Asker) -> Iterator[Asked]:
    """Count and time the complexes of lead II, where none is cut off at the beginning and all are sure."""
    if case.measured is None or not (waves := case.measured.waves.get("II")):
        return
    listed = list(waves)
    complexes = [wave for wave in listed if wave.wave == "QRS"]
    if len(complexes) < 3 or sum(wave.confidence for wave in complexes) < SURE_WAVE * len(complexes):
        return
    first, last = complexes[0], complexes[-1]
    if first.on_s is None or first.on_s < EDGE_S or last.off_s is None:
        return
    yield Asked("waves:count", "feature", "open", "count", asker.words(COUNT), str(len(complexes)))
    yield Asked("waves:onset", "feature", "open", "onset", asker.words(ONSET), _at(first.on_s))
    yield from _peak(case, complexes, asker)
    opening = listed[0]
    if with_p and opening.on_s is not None and opening.on_s > EDGE_S and opening.confidence >= SURE_WAVE:
        names = tuple(NAMES.values())
        yield Asked("waves:first", "feature", "closed", "first", asker.words(FIRST), NAMES[opening.wave], names)


def _peak(case: Case, complexes: Sequence[Wave], asker: Asker) -> Iterator[Asked]:
    one = readable(case).get("II")
    if one is None or not one.r or one.r < UPRIGHT * max(-(one.s or 0.0), -(one.q or 0.0)):
        return
    nth = int(asker.dice.integers(min(len(complexes), len(NTH))))
    if (at_s := complexes[nth].peak_s) is not None:
        question = asker.words(PEAK, nth=NTH[nth])
        yield Asked("waves:peak", "feature", "open", "peak", question, _at(at_s))


def _at(time_s: float) -> str:
    return f"{time_s:.2f} s"


def _spikes(case: Case, known: Facts, asker: Asker) -> Iterator[Asked]:
    """Spikes are asked where what was measured and what is stated agree."""
    if case.measured is None or "pacing_spikes_s" in case.measured.reasons:
        return
    seen = bool(case.measured.rhythm.pacing_spikes_s)
    stated = "PACE" in known.there if seen else "PACE" in known.absent
    if stated:
        yield yes_no("waves:spikes", "spikes", asker.words(SPIKES), seen, "PACE")


def _premature(case: Case, known: Facts, codes: frozenset[str], asker: Asker) -> Iterator[Asked]:
    if case.measured is None or "premature_beats_s" in case.measured.reasons or codes & UNSTEADY:
        return
    times = case.measured.rhythm.premature_beats_s
    if not times and PREMATURE & case.stated <= known.absent and PREMATURE & case.stated:
        yield yes_no("waves:early", "early", asker.words(EARLY), False, "PRC(S)")
    if times and known.has(PREMATURE):
        yield yes_no("waves:early", "early", asker.words(EARLY), True, "PRC(S)")
        yield Asked("waves:early_count", "feature", "open", "early_count", asker.words(EARLY_COUNT), str(len(times)))
    if times and known.has(PREMATURE) and not codes & PATTERNS:
        question = asker.words(EARLY_TIME)
        yield Asked("waves:early_time", "feature", "open", "early_time", question, f"{times[0]:.1f} s")


WAVES = Family("waves", "feature", ask, WORDINGS)
