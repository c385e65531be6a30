"""The published rule, counted anew on made archives: caps, balance, splits, partners, and answers that are true."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einthoven.core.errors import InputError
from einthoven.core.rng import rng
from einthoven.core.sample import Sample
from einthoven.instruct.ecgqa.attributes import QaRecord
from einthoven.instruct.ecgqa.facts import shown
from einthoven.instruct.ecgqa.features import PROVENANCE
from einthoven.instruct.ecgqa.generate import generate, short_templates
from einthoven.instruct.ecgqa.grid import CHANGES
from einthoven.instruct.ecgqa.pairs import consecutive, strangers
from einthoven.instruct.ecgqa.rule import RULES, Rule, check_rule
from einthoven.instruct.ecgqa.sampling import balance
from einthoven.instruct.ecgqa.templates import SWAPPED, templates
from einthoven.instruct.ecgqa.vocabulary import words
from einthoven.instruct.ecgqa.wording import sentences
from einthoven.records.splits import Split
from tests.instruct.ecgqa.make import archive

RECORDS = archive()


@pytest.fixture(scope="module")
def made() -> list[Sample]:
    return list(generate(RECORDS, "train"))


def _of(samples: list[Sample], number: int) -> list[Sample]:
    return [sample for sample in samples if sample.about["template"] == number]


def test_all_templates_are_made_of_an_archive_that_states_everything(made: list[Sample]) -> None:
    assert short_templates(made) == {}
    assert len({sample.id for sample in made}) == len(made)
    assert check_rule(made) == []


def test_an_archive_that_states_findings_only_is_told_which_templates_are_short() -> None:
    plain = [replace(one, noise=None, stages=None, extra_systoles=None, axis=None, features={}) for one in RECORDS]
    samples = list(generate(plain, "train"))
    short = short_templates(samples)
    assert set(short) == {*range(20, 43), *range(50, 57), *range(64, 71)}
    assert short[29].startswith("T29 single-verify (noise)")
    assert check_rule(samples) == []


def test_verify_keeps_its_caps_and_about_two_no_for_a_yes(made: list[Sample]) -> None:
    counts: dict[tuple[object, ...], Counter[str]] = defaultdict(Counter)
    for sample in made:
        if sample.pick == "one":
            assert isinstance(sample.answer, tuple)
            about = sample.about
            counts[about["template"], about["place"], *about["asked"]].update(sample.answer)
    for key, count in counts.items():
        assert 0 < count["yes"] <= 100, key
        assert 2 * count["yes"] <= count["no"] <= min(200, 2.25 * count["yes"]), key
        assert (count["not sure"] == 0 or key[0] == 1) and count["not sure"] <= 100, key
    assert any(count["not sure"] for count in counts.values())
    assert any(count["yes"] == 100 and count["no"] == 200 for count in counts.values())


@given(yes=st.integers(0, 500), no=st.integers(0, 2000), ratio=st.sampled_from([2.0, 2.25, 5.0]))
def test_the_balance_of_any_archive_is_within_the_rule(yes: int, no: int, ratio: float) -> None:
    rule = Rule(no_per_yes=ratio)
    some, others = balance(yes, no, rule)
    assert some <= min(yes, 100)
    assert others <= min(no, 200, 5 * some)
    assert others >= 2 * some
    assert some == min(yes, 100, no // 2)


def test_choose_is_two_two_up_to_two_two(made: list[Sample]) -> None:
    pairs: dict[tuple[object, ...], Counter[frozenset[str]]] = defaultdict(Counter)
    for sample in made:
        if sample.about["type"] == "single-choose":
            key = (sample.about["template"], sample.about["place"], frozenset(sample.about["asked"]))
            pairs[key][frozenset(sample.answer or ())] += 1
            assert set(sample.options or ()) == set(sample.about["asked"])
    assert len(pairs) > 100
    for (_, _, asked), counts in pairs.items():
        assert isinstance(asked, frozenset)
        one, other = (counts[frozenset({name})] for name in asked)
        assert one == other == counts[frozenset()] in (1, 2)
        assert counts[asked] <= one
    orders = Counter(tuple(s.about["asked"]) == tuple(sorted(s.about["asked"])) for s in _of(made, 4))
    assert min(orders[True], orders[False]) > 0.3 * orders.total()


def test_query_keeps_each_set_of_answers_to_its_cap() -> None:
    many = [replace(one, scp={"SR": 0.0}, features={"pr interval": "above"}) for one in archive(130, 3)]
    for records in (RECORDS, many):
        sets: dict[tuple[object, ...], Counter[tuple[str, ...]]] = defaultdict(Counter)
        for sample in generate(records, "train"):
            if sample.about["type"].endswith("query"):
                assert isinstance(sample.answer, tuple)
                sets[sample.about["template"], sample.about["place"]][tuple(sorted(sample.answer))] += 1
        for counts in sets.values():
            none = counts.pop((), 0)
            assert max(counts.values(), default=0) <= 50
            assert none <= min(100, 0.5 * counts.total())
    assert max(counts.values()) == 50


def test_valid_and_test_have_smaller_caps() -> None:
    records = [replace(one, split="test") for one in RECORDS]
    samples = list(generate(records, "test"))
    assert check_rule(samples) == []
    yes = Counter(tuple(s.about["asked"]) for s in _of(samples, 57) if s.answer == ("yes",))
    assert max(yes.values()) == 20
    assert RULES["valid"] == RULES["test"]


def test_check_rule_finds_what_breaks_it(made: list[Sample]) -> None:
    one = next(sample for sample in _of(made, 57) if sample.answer == ("yes",))
    assert "101 yes" in check_rule([one] * 101)[0]
    no = replace(one, answer=("no",))
    assert "1 yes, 6 no" in check_rule([one, *[no] * 6])[0]
    assert any("must be 66 to 71 %" in fault for fault in check_rule([one] * 100 + [no] * 200 + [one] * 20))
    assert "only T1" in check_rule([replace(one, answer=("not sure",), options=("yes", "no", "not sure"))])[0]
    assert "not among its options" in check_rule([replace(one, answer=("maybe",))])[0]
    assert "about patients" in check_rule([replace(one, about=one.about | {"patients": ["a", "a"]})])[0]
    assert "are not 2 ECGs" in check_rule([replace(one, ecgs=one.ecgs[:1] * 2)])[0]
    query = next(sample for sample in _of(made, 61) if sample.answer)
    assert "51 times" in check_rule([query] * 51)[0]
    assert "101 times the answer none" in check_rule([replace(query, answer=())] * 101)[0]
    choose = next(sample for sample in _of(made, 4) if len(sample.answer or ()) == 1)
    assert "1 : 0" in check_rule([choose])[0] or "0 : 1" in check_rule([choose])[0]


def test_the_same_seed_gives_the_same_set_in_any_order_of_records_and_another_seed_another(made: list[Sample]) -> None:
    shuffled = [RECORDS[place] for place in rng("shuffle").permutation(len(RECORDS))]
    assert list(generate(shuffled, "train")) == made
    assert list(generate(RECORDS, "train", 1)) != made


def test_one_template_does_not_move_when_what_another_asks_changes(made: list[Sample]) -> None:
    without = [replace(one, noise=None) for one in RECORDS]
    rest = [sample for sample in made if sample.about["attribute_type"] != "noise"]
    assert list(generate(without, "train")) == rest


def test_a_split_holds_its_patients_only_and_a_shared_patient_is_refused() -> None:
    both = archive(40) + archive(40, split="valid")
    splits: tuple[Split, ...] = ("train", "valid")
    for split in splits:
        assert {p[:5] for s in generate(both, split) for p in s.about["patients"]} == {split}
    with pytest.raises(InputError, match="patient train0 is in"):
        list(generate([*both, replace(both[0], id="999", split="valid")], "valid"))


def test_each_split_speaks_its_own_sentences(made: list[Sample]) -> None:
    asked = {sample.question for sample in _of(made, 12)}
    assert asked == {one.format(whats="abnormal findings") for one in sentences(12, "train")}
    official = list(generate(RECORDS, "train", wording="template"))
    assert {sample.question for sample in _of(official, 12)} == {templates()[12].wording}
    assert [sample.answer for sample in official] == [sample.answer for sample in made]
    assert "ischemic changes" not in " ".join(sample.question for sample in official)


def test_a_sample_shows_its_ecgs_then_asks(made: list[Sample]) -> None:
    sample = _of(made, 43)[0]
    assert [part.ecg for part in sample.turns[0].parts] == [0, 1, None]
    assert sample.turns[0].parts[-1].text == sample.question
    assert sample.about["source"] == "ecgqa"
    assert _of(made, 41)[0].about["features"] == PROVENANCE
    assert "features" not in _of(made, 1)[0].about
    assert Sample.from_json(sample.to_json()) == sample


def test_answers_of_single_questions_are_those_of_the_labels(made: list[Sample]) -> None:
    """Looked up in the record itself, not in the table that the plans come from."""
    of_id = {record.id: record for record in RECORDS}
    looks: dict[int, Callable[[QaRecord, Sample], object]] = {
        20: lambda record, sample: record.axis == sample.about["asked"][0],
        27: lambda record, sample: sample.about["asked"][0] in (record.noise or {}),
        36: lambda record, sample: sample.about["asked"][0] in (record.extra_systoles or ()),
        26: lambda record, sample: sample.about["place"] in ((record.noise or {}).get(sample.about["asked"][0]) or ()),
        17: lambda record, sample: (
            sample.about["place"] in record.form_leads.get(words()[sample.about["asked"][0]].code, ())
        ),
    }
    for number, look in looks.items():
        for sample in _of(made, number):
            assert (sample.answer == ("yes",)) == look(of_id[sample.about["records"][0]], sample)
    for sample in _of(made, 1):
        codes, asked = of_id[sample.about["records"][0]].scp, words()[sample.about["asked"][0]]
        if "superclass" not in asked.groups:
            likelihood = codes.get(asked.code)
            sure = likelihood == 100 or (likelihood == 0 and asked.groups != {"diagnostic"})
            perhaps = likelihood is not None and not sure
            assert sample.answer == (("yes",) if sure else ("not sure",) if perhaps else ("no",))


def _may_be(record: QaRecord, name: str) -> set[bool]:
    likelihood = record.scp.get(words()[name].code)
    unsure = likelihood == 50 or (likelihood == 0 and words()[name].groups == {"diagnostic"})
    return {True, False} if unsure else {likelihood is not None}


def test_a_comparison_has_the_same_answer_however_what_is_uncertain_turns_out(made: list[Sample]) -> None:
    of_id = {record.id: record for record in RECORDS}
    for number in (*range(43, 47), *range(57, 61)):
        wanted = CHANGES[templates()[number].domain.split(" ")[0]]
        for sample in _of(made, number):
            (name,) = sample.about["asked"]
            if "superclass" not in words()[name].groups:
                first, second = (_may_be(of_id[id], name) for id in sample.about["records"])
                assert {pair == wanted for pair in product(first, second)} == {sample.answer == ("yes",)}


def test_an_infarction_of_unknown_stage_is_not_said_to_lack_a_stage(made: list[Sample]) -> None:
    of_id = {record.id: record for record in RECORDS}
    for sample in _of(made, 23):
        stages = of_id[sample.about["records"][0]].stages or frozenset()
        assert "unknown stage of myocardial infarction" not in stages
        assert (sample.answer == ("yes",)) == (sample.about["asked"][0] in stages)


def test_what_a_label_implies_is_never_denied(made: list[Sample]) -> None:
    slow = [s for s in _of(made, 1) if s.about["asked"] == ["sinus rhythm"] and s.answer == ("no",)]
    odd = [s for s in _of(made, 1) if s.about["asked"] == ["abnormal qrs"] and s.answer == ("no",)]
    beats = [s for s in _of(made, 36) if s.about["asked"] == ["extrasystoles"] and s.answer == ("no",)]
    of_id = {record.id: record for record in RECORDS}
    assert slow and beats
    assert not any("SBRAD" in of_id[sample.about["records"][0]].scp for sample in slow)
    assert not any("CLBBB" in of_id[sample.about["records"][0]].scp for sample in odd)
    assert not any(of_id[sample.about["records"][0]].extra_systoles for sample in beats)
    quiet = replace(RECORDS[0], scp={"SBRAD": 0.0})
    assert "sinus rhythm" in (shown(quiet, "rhythm", careful=True) or pytest.fail()).open
    assert "sinus rhythm" not in (shown(quiet, "rhythm") or pytest.fail()).open


def test_a_list_of_findings_is_complete_or_not_asked(made: list[Sample]) -> None:
    of_id = {record.id: record for record in RECORDS}
    for sample in _of(made, 8):
        record = of_id[sample.about["records"][0]]
        assert "RVH" not in record.scp  # official files have no word for it
        diagnoses = {"IMI", "ASMI", "LVH", "CLBBB", "NDT", "NST_"} & set(record.scp)
        assert {words()[name].code for name in sample.answer or ()} == diagnoses
    for sample in _of(made, 34):
        record, kind = of_id[sample.about["records"][0]], sample.about["place"]
        leads = (record.noise or {}).get(kind, frozenset())
        assert leads is not None
        assert set(sample.answer or ()) == {f"lead {lead}" for lead in leads}


def test_what_is_never_known_is_neither_asked_nor_offered(made: list[Sample]) -> None:
    assert not any("p duration" in (*(sample.options or ()), *sample.about["asked"]) for sample in made)
    assert not any(sample.about["place"] == "p duration" for sample in made)


def test_consecutive_pairs_are_neighbours_in_time_of_one_patient() -> None:
    day = [datetime(2000, 1, number) for number in (3, 1, 2, 2)]
    records = [replace(RECORDS[0], id=str(place), patient="a", recorded_at=at) for place, at in enumerate(day)]
    records += [replace(records[0], id="9", patient="b"), replace(records[0], id="8", recorded_at=None)]
    pairs = {tuple(pair) for pair in consecutive(records).tolist()}
    assert (1, 2) in pairs
    assert (3, 0) in pairs
    assert len(pairs) == 2  # two of one moment have no order


def test_comparisons_follow_time_or_strangers_and_their_answer_is_what_changed(made: list[Sample]) -> None:
    of_id = {record.id: record for record in RECORDS}
    for number in (*range(50, 54), *range(64, 68)):
        wanted = {0: (True, False), 1: (False, True), 2: (True, True), 3: (False, False)}[(number - 50) % 14]
        for sample in _of(made, number):
            first, second = (of_id[id] for id in sample.about["records"])
            abnormal = tuple(one.features[sample.about["asked"][0]] != "within" for one in (first, second))
            assert (sample.answer == ("yes",)) == (abnormal == wanted)
            if number < 54:
                assert first.recorded_at and second.recorded_at
                assert first.patient == second.patient
                assert first.recorded_at < second.recorded_at
            else:
                assert first.patient != second.patient


def test_a_swapped_pair_has_the_answer_of_the_partner_template() -> None:
    """Exchange the ECGs of every pair by reversing time: each answer moves to its partner."""
    pair = [replace(one, patient="a", recorded_at=datetime(2000, 1, day)) for day, one in enumerate(RECORDS[:2], 1)]
    back = [replace(one, recorded_at=datetime(2000, 2, 10 - day)) for day, one in enumerate(pair, 1)]
    rule = Rule(none_per_answer=9.0)
    for number in (54, 55, 56):
        here = [s.answer for s in generate(pair, "train", rule=rule) if s.about["template"] == number]
        there = [s.answer for s in generate(back, "train", rule=rule) if s.about["template"] == SWAPPED[number]]
        assert here == there


def test_partners_are_drawn_uniformly() -> None:
    """Each record is first and second about as often as any other; the lowest ids are no more frequent."""
    patients = np.arange(60)
    pairs = strangers((patients, patients), patients, 1500, rng("uniform"))
    assert len({tuple(pair) for pair in pairs.tolist()}) == len(pairs) == 1500
    assert (pairs[:, 0] != pairs[:, 1]).all()
    for side in (0, 1):
        counts = np.bincount(pairs[:, side], minlength=60)
        assert (((counts - 25) ** 2) / 25).sum() < 95  # chi-square of 59 degrees: 95 is passed by 0.2 %
    few = strangers((patients[:2], patients[:3]), patients, 50, rng("few"))
    assert {tuple(pair) for pair in few.tolist()} == {(0, 1), (0, 2), (1, 0), (1, 2)}


def test_partners_in_samples_are_not_the_lowest_ids(made: list[Sample]) -> None:
    places = np.array([int(id) for sample in _of(made, 62) for id in sample.about["records"]])
    assert len(set(places.tolist())) > 0.7 * len(RECORDS)
    assert abs(places.mean() / (len(RECORDS) - 1) - 0.5) < 0.05
    most = Counter(sample.about["records"][1] for sample in _of(made, 68)).most_common(1)[0][1]
    assert most <= 15


def test_the_ways_not_to_change_come_equally_often(made: list[Sample]) -> None:
    of_id = {record.id: record for record in RECORDS}
    ways = Counter(
        tuple(of_id[id].features["pr interval"] != "within" for id in sample.about["records"])
        for sample in _of(made, 64)
        if sample.about["asked"] == ["pr interval"] and sample.answer == ("no",)
    )
    assert len(ways) == 3
    assert max(ways.values()) - min(ways.values()) <= 1


def test_one_ecg_serves_a_rare_finding_a_few_times_only() -> None:
    rare = [
        replace(one, scp={"WPW": 0.0, "AFLT": 0.0} if place == 0 else {"SR": 0.0}) for place, one in enumerate(RECORDS)
    ]
    samples = [s for s in generate(rare, "train") if s.about["asked"] == ["atrial flutter"] and s.answer == ("yes",)]
    assert 0 < len([s for s in samples if s.about["template"] == 57]) <= RULES["train"].reuse


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), patients=st.integers(0, 25))
def test_any_archive_keeps_the_rule(seed: int, patients: int) -> None:
    faults = check_rule(generate(archive(patients, 2, seed=seed), "train"))
    assert [fault for fault in faults if "must be 66" not in fault] == []


def test_neighbouring_dates_are_used_for_no_other_pair() -> None:
    """Three recordings of one patient give two pairs, not three."""
    three = [replace(one, patient="a", recorded_at=datetime(2000, 1, day)) for day, one in enumerate(RECORDS[:3], 1)]
    pairs = {
        tuple(s.about["records"]) for s in generate(three, "train", rule=Rule(none_per_answer=9.0)) if len(s.ecgs) == 2
    }
    ids = [record.id for record in three]
    assert pairs <= set(pairwise(ids))
    assert pairs
