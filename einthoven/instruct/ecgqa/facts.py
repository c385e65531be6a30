"""What of a domain a recording shows, and what its archive leaves open: the one place where labels become answers.

A domain is what a template looks up: "diagnostic", "noise in lead", "features in range", ... Nothing is said of a
recording whose archive does not state the domain.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from einthoven.core.findings import FINDINGS
from einthoven.core.leads import TWELVE
from einthoven.instruct.ecgqa.attributes import QaRecord
from einthoven.instruct.ecgqa.implied import implied
from einthoven.instruct.ecgqa.vocabulary import group, name_of, words

CERTAIN = 100
NO_INFARCTION = "none of myocardial infarction"
UNKNOWN_STAGE = "unknown stage of myocardial infarction"
RANGES: Mapping[str, str] = {
    "below": "below the normal range",
    "within": "within the normal range",
    "above": "above the normal range",
}


@dataclass(frozen=True)
class Shown:
    """What is there and what is open; all else of the domain is absent. Names may lie outside of the vocabulary."""

    there: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()


def _of_kind(code: str, kind: str) -> bool:
    return code in FINDINGS and kind in FINDINGS[code].kinds and code != "NORM"


def _names(codes: Iterable[str]) -> frozenset[str]:
    return frozenset(name_of(code) for code in codes)


def _uncertain(record: QaRecord) -> list[str]:
    """Return the codes that are there perhaps: a likelihood between 0 and 100, or none for a diagnosis."""
    return [
        code
        for code, likelihood in record.scp.items()
        if 0 < likelihood < CERTAIN or (likelihood == 0 and FINDINGS[code].kinds == {"diagnostic"})
    ]


def _codes(record: QaRecord, *kinds: str) -> Shown:
    codes = [code for code in record.scp if any(_of_kind(code, kind) for kind in kinds)]
    perhaps = _names(code for code in codes if code in _uncertain(record))
    return Shown(_names(codes) - perhaps, perhaps | (record.unclear & set(group(*kinds))))


def _diagnostic(record: QaRecord) -> Shown:
    return Shown(_names(code for code in record.scp if _of_kind(code, "diagnostic")))


def _certain(record: QaRecord) -> Shown:
    sure = set(record.scp) - set(_uncertain(record))
    return Shown(_names(code for code in sure if _of_kind(code, "diagnostic")))


def _superclasses(record: QaRecord) -> Shown:
    perhaps = set(_uncertain(record))
    classes = {code: FINDINGS[code].superclass for code in record.scp}
    there = {name for code, name in classes.items() if name and code not in perhaps and name != "NORM"}
    maybe = {name for code, name in classes.items() if name and code in perhaps and name != "NORM"} - there
    return Shown(_names(there), _names(maybe))


def _findings(record: QaRecord) -> Shown:
    """Return findings of every kind."""
    return _codes(record, "diagnostic", "form", "rhythm")


def _findings_and_classes(record: QaRecord) -> Shown:
    one, other = _findings(record), _superclasses(record)
    return Shown(one.there | other.there, one.open | other.open)


def _perhaps(record: QaRecord) -> Shown:
    """Return as there what is uncertain by its likelihood, and by nothing else."""
    perhaps = _names(code for code in _uncertain(record) if code != "NORM")
    return Shown(perhaps | _superclasses(record).open)


def _normal(record: QaRecord) -> Shown:
    name = frozenset({"normal ecg"})
    likelihood = record.scp.get("NORM")
    return Shown() if likelihood is None else Shown(name) if likelihood == CERTAIN else Shown(open=name)


def _abnormal(record: QaRecord) -> Shown:
    found = _findings(record)
    return Shown(found.there - {name_of("SR")}, found.open)


def _noise(record: QaRecord) -> Shown | None:
    return None if record.noise is None else Shown(frozenset(record.noise), _open_noise(record))


def _open_noise(record: QaRecord) -> frozenset[str]:
    return record.unclear & set(group("noise"))


def _noise_in(record: QaRecord, lead: str) -> Shown | None:
    if record.noise is None:
        return None
    there = {kind for kind, leads in record.noise.items() if leads and lead in leads}
    return Shown(
        frozenset(there), _open_noise(record) | {kind for kind, leads in record.noise.items() if leads is None}
    )


def _leads_of_noise(record: QaRecord, kind: str) -> Shown | None:
    if record.noise is None or kind in _open_noise(record) or record.noise.get(kind, ...) is None:
        return None
    return Shown(frozenset(map(_lead_name, record.noise.get(kind) or ())))


def _forms_in(record: QaRecord, lead: str) -> Shown:
    forms = [code for code in record.scp if _of_kind(code, "form") and name_of(code) in group("lead_form")]
    placed = {code for code in forms if lead in record.form_leads.get(code, ())}
    open_codes = {code for code in forms if code not in record.form_leads or code in _uncertain(record)}
    return Shown(_names(placed - open_codes), _names(open_codes))


def _leads_of_form(record: QaRecord, name: str) -> Shown | None:
    code = words()[name].code
    if code not in record.scp:
        return Shown()
    leads = record.form_leads.get(code)
    return None if leads is None or code in _uncertain(record) else Shown(frozenset(map(_lead_name, leads)))


def _lead_name(lead: str) -> str:
    return f"lead {lead}"


def _axis(record: QaRecord) -> Shown | None:
    return None if record.axis is None else Shown(frozenset({record.axis}))


def _stage(record: QaRecord) -> Shown | None:
    """Return the stages; an infarction of unknown stage may be of any."""
    if record.stages is None:
        return None
    if not record.stages:
        return Shown(frozenset({NO_INFARCTION}))
    known = set(group("stage")) - {UNKNOWN_STAGE, NO_INFARCTION}
    return Shown(record.stages, frozenset(known - record.stages if UNKNOWN_STAGE in record.stages else ()))


def _extra(record: QaRecord) -> Shown | None:
    return None if record.extra_systoles is None else Shown(record.extra_systoles, record.unclear & set(group("extra")))


def _features_in(record: QaRecord, range_: str) -> Shown | None:
    if not record.features:
        return None
    there = {feature for feature, place in record.features.items() if RANGES[place] == range_}
    return Shown(frozenset(there), frozenset(set(group("feature")) - record.features.keys()))


def _range_of(record: QaRecord, feature: str) -> Shown | None:
    return Shown(frozenset({RANGES[record.features[feature]]})) if feature in record.features else None


def _abnormal_features(record: QaRecord) -> Shown | None:
    if not record.features:
        return None
    there = {feature for feature, place in record.features.items() if place != "within"}
    return Shown(frozenset(there), frozenset(set(group("feature")) - record.features.keys()))


def _stage_label(record: QaRecord) -> Shown | None:
    """Return the stage as the archive words it, "unknown" included."""
    found = _stage(record)
    return None if found is None else Shown(found.there)


_FINDINGS = ("diagnostic", "form", "rhythm")
# domain -> how a record is looked up, and the groups of answers that it can be asked for one by one
_PLAIN: Mapping[str, tuple[Callable[[QaRecord], Shown | None], tuple[str, ...]]] = {
    "finding": (_findings_and_classes, (*_FINDINGS, "superclass")),
    "perhaps": (_perhaps, (*_FINDINGS, "superclass")),  # of "finding", for the answer "not sure"
    "findings": (_findings, _FINDINGS),
    "superclass": (_superclasses, ("superclass",)),
    "diagnostic": (_diagnostic, ("diagnostic",)),
    "certain": (_certain, ("diagnostic",)),
    "form": (lambda record: _codes(record, "form"), ("form",)),
    "rhythm": (lambda record: _codes(record, "rhythm"), ("rhythm",)),
    "normal": (_normal, ()),
    "abnormal": (_abnormal, ()),
    "noise": (_noise, ("noise",)),
    "axis": (_axis, ("axis",)),
    "stage": (_stage, ("stage",)),
    "stage label": (_stage_label, ("stage",)),
    "extra": (_extra, ("extra",)),
    "feature": (_abnormal_features, ("feature",)),
}
# the same, asked separately for each of these leads, attributes or ranges
_PLACED: Mapping[str, tuple[Callable[[QaRecord, str], Shown | None], tuple[str, ...], tuple[str, ...]]] = {
    "noise in lead": (_noise_in, ("noise",), TWELVE),
    "form in lead": (_forms_in, ("lead_form",), TWELVE),
    "leads of noise": (_leads_of_noise, ("lead",), group("noise")),
    "leads of form": (_leads_of_form, ("lead",), group("lead_form")),
    "features in range": (_features_in, ("feature",), tuple(RANGES.values())),
    "range of feature": (_range_of, ("range",), group("feature")),
}


def places_of(domain: str) -> tuple[str, ...]:
    """Return the leads, attributes or ranges that a domain is asked for one by one; ("",) for a domain of the whole."""
    return _PLACED[domain][2] if domain in _PLACED else ("",)


def names_of(domain: str) -> tuple[str, ...]:
    """Return the official answers that a domain may show."""
    groups = _PLACED[domain][1] if domain in _PLACED else _PLAIN[domain][1]
    return group(*groups) if groups else ()


def shown(record: QaRecord, domain: str, place: str = "", *, careful: bool = False) -> Shown | None:
    """Return what a record shows of a domain at a place, None where its archive does not state it.

    careful: also leave open what its findings may imply, for questions that name one finding.
    """
    seen = _PLACED[domain][0](record, place) if domain in _PLACED else _PLAIN[domain][0](record)
    if seen is None or not careful:
        return seen
    maybe = frozenset(name for one in seen.there | seen.open for name in implied(one)) & set(names_of(domain))
    return Shown(seen.there, seen.open | (maybe - seen.there))
