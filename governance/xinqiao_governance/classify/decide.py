"""From a header's hint and the evidence of the cells to one proposal.

Order of the rules: what the cells themselves prove; personal data inside texts; a header that says core; a
header that says less and is not contradicted; cells alone. Whatever stays open is core, for a person to see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from xinqiao_governance.catalogue import Tier
from xinqiao_governance.classify.cells import Evidence
from xinqiao_governance.classify.headers import Hint, read_header
from xinqiao_governance.semantics import SEMANTICS

UNKNOWN = "unknown"
State = Literal["auto", "review"]
ENOUGH = 700  # thousandths; below, a person looks first


@dataclass(frozen=True)
class Verdict:
    """What one rule says: semantic, confidence in thousandths, and the code of its sentence."""

    semantic: str
    confidence: int
    reason: str

    @property
    def tier(self) -> Tier:
        """The semantic's own tier; core for what is unknown."""
        return SEMANTICS[self.semantic].tier if self.semantic in SEMANTICS else Tier.CORE

    @property
    def state(self) -> State:
        """Whether a person has to look first."""
        return "auto" if self.confidence >= ENOUGH and self.semantic != UNKNOWN else "review"


def decide(hint: Hint, evidence: Evidence) -> Verdict:
    """Return what the column most probably is."""
    if not evidence.filled:
        return _empty(hint)
    for rule in (_proven, _inside, _said_core, _said_less):
        verdict = rule(hint, evidence)
        if verdict is not None:
            return verdict
    return _seen(evidence)


def _empty(hint: Hint) -> Verdict:
    """No cell to hold against the header: it is believed only where it says core."""
    semantic = hint.semantic or UNKNOWN
    verdict = Verdict(semantic, hint.certainty, "classify_empty")
    return verdict if verdict.tier is Tier.CORE else Verdict(semantic, ENOUGH - 100, "classify_empty")


# What cells prove by their form: (kinds, semantic, least share, confidence).
_PROOFS: Sequence[tuple[tuple[str, ...], str, float, int]] = (
    (("id_card",), "id_card", 0.3, 990),
    (("masked_id_card", "id_card"), "id_card", 0.4, 900),
    (("scientific_id", "id_card", "masked_id_card"), "id_card", 0.4, 800),
    (("mobile", "masked_mobile", "scientific_mobile"), "mobile", 0.3, 950),
    (("email", "masked_email"), "email", 0.3, 980),
    (("plate_number", "masked_plate_number"), "plate_number", 0.3, 970),
    (("bank_card", "masked_bank_card"), "bank_card", 0.6, 930),
    (("ip_address",), "ip_address", 0.4, 950),
    (("mac", "imei"), "device_id", 0.4, 930),
    (("location",), "location_track", 0.4, 880),
    (("hash",), "credential", 0.5, 800),
    (("wechat",), "wechat", 0.3, 950),
    (("passport",), "passport", 0.4, 850),
    (("permit",), "travel_permit", 0.5, 850),
    (("joined",), "personal_mix", 0.3, 880),
    (("masked_birth_date",), "birth_date", 0.4, 850),
    (("masked_person_name", "name"), "person_name", 0.8, 880),
    (("masked_person_name",), "person_name", 0.3, 880),
    (("pressure",), "health", 0.5, 850),
    (("latin_name",), "person_name", 0.6, 850),
)
# What a header may explain: a phone that answers for an office, an address that is a venue.
_EXPLAINED: Mapping[str, frozenset[str]] = {
    "location_track": frozenset({"venue"}),
    "passport": frozenset({"record_no", "order_no", "product", "certificate"}),
    "travel_permit": frozenset({"record_no", "order_no", "product", "certificate"}),
    "credential": frozenset({"record_no", "order_no"}),
    "person_name": frozenset(
        {"product", "title_other", "course_title", "venue", "region", "activity_title", "skill", "interest"}
    ),
    "health": frozenset({"product", "lecture_title", "course_title", "quantity"}),
    "bank_card": frozenset({"order_no", "record_no"}),
    "mobile": frozenset({"order_no", "record_no", "quantity", "price", "event_time", "hotline"}),
    "id_card": frozenset({"order_no", "record_no"}),
}
# Semantics of people that a stronger proof of a part does not replace.
_WIDER: Mapping[str, frozenset[str]] = {
    "person_name": frozenset({"family", "home_address", "wechat", "social_account", "text_personal"}),
    "mobile": frozenset({"wechat", "social_account", "family", "landline", "employee_no"}),
    "id_card": frozenset({"social_security_no", "family", "bank_card", "medical_record_no"}),
    "bank_card": frozenset({"housing_fund_no", "social_security_no"}),
}


_NAMES = ("name", "masked_person_name", "latin_name")
_SURELY, _MANY = 0.9, 10


def _proven(hint: Hint, evidence: Evidence) -> Verdict | None:
    for kinds, semantic, least, confidence in _PROOFS:
        if evidence.share(*kinds) < least or _by_chance(semantic, evidence):
            continue
        if _explained(semantic, hint, evidence):
            continue
        if hint.semantic in _WIDER.get(semantic, ()):
            return Verdict(str(hint.semantic), confidence, "classify_both")
        return Verdict(semantic, confidence, "classify_cells")
    return _proven_words(hint, evidence)


def _by_chance(semantic: str, evidence: Evidence) -> bool:
    """Numbers that only sometimes have the form have it by chance."""
    if semantic == "mobile":
        eleven = evidence.lengths[11]
        return (
            eleven > 0
            and evidence.kinds["mobile"] > 0
            and evidence.kinds["mobile"] < 0.85 * eleven
            and evidence.kinds["masked_mobile"] == 0
        )
    if semantic == "bank_card":
        others = evidence.kinds["long_number"]
        return evidence.kinds["bank_card"] < 0.5 * (evidence.kinds["bank_card"] + others)
    if semantic == "id_card" and evidence.kinds["id_card"]:
        return evidence.kinds["id_card"] < 0.4 * (evidence.kinds["id_card"] + evidence.kinds["id_like"])
    return False


def _explained(semantic: str, hint: Hint, evidence: Evidence) -> bool:
    """Say whether the header names a thing that may look like this."""
    if hint.semantic not in _EXPLAINED.get(semantic, ()):
        return False
    if semantic in ("mobile", "bank_card", "id_card"):
        return evidence.serial or (semantic == "mobile" and hint.semantic == "hotline")
    if semantic == "person_name" and evidence.share(*_NAMES) >= _SURELY and evidence.distinct >= _MANY:
        return False
    return hint.certainty >= 850


def _proven_words(hint: Hint, evidence: Evidence) -> Verdict | None:
    """Closed lists that tell of private life."""
    for semantic in (
        "political_status",
        "marital_status",
        "religion",
        "health",
        "hardship",
        "discipline",
        "family",
    ):
        share = evidence.closed_share(semantic)
        if share < _LEAST_WORDS.get(semantic, 0.6):
            continue
        said = hint.semantic and SEMANTICS[hint.semantic]
        if said and said.tier is not Tier.CORE and hint.semantic in _MAY_HOLD.get(semantic, ()):
            continue
        if said and said.tier is Tier.CORE and hint.certainty >= ENOUGH:
            return Verdict(said.name, 940, "classify_both")
        return Verdict(semantic, 860, "classify_cells")
    return None


# Lists of things whose words are also words of private life.
_MAY_HOLD: Mapping[str, frozenset[str]] = {
    "health": frozenset(
        [
            "product",
            "lecture_title",
            "course_title",
            "title_other",
            "category",
            "need_category",
            "leave",
            "attendance",
            "activity_title",
            "policy_title",
            "appraisal",
            "satisfaction",
            "status",
        ]
    ),
    "hardship": frozenset(["category", "need_category", "policy_title", "title_other", "activity_title"]),
    "discipline": frozenset(["category", "policy_title", "title_other", "status"]),
    "family": frozenset(["category", "product"]),
    "political_status": frozenset(["category"]),
    "marital_status": frozenset(),
    "religion": frozenset(["category", "title_other"]),
}
_PRIVATE_LISTS = ("health", "hardship", "discipline", "religion", "marital_status")
_LEAST_WORDS = {"health": 0.3, "hardship": 0.4, "discipline": 0.5, "political_status": 0.7, "family": 0.6}

_TITLES = frozenset(
    [
        "lecture_title",
        "course_title",
        "activity_title",
        "policy_title",
        "title_other",
        "product",
        "category",
        "organisation",
        "venue",
        "need_category",
    ]
)
_KINDS = frozenset(("category", "need_category", "venue"))
_TELLING = frozenset(("mobile", "id_card", "bank_card", "email", "plate_number", "wechat", "masked"))
_ABOUT = frozenset(("health", "private_life", "pay"))


def _inside(hint: Hint, evidence: Evidence) -> Verdict | None:
    """Personal data in texts: one cell is enough, whatever the header says of the rest."""
    mixed = _personal_keys(evidence)
    if mixed and evidence.share("structured") >= 0.2:
        return Verdict("personal_mix", 930, "classify_inside")
    found = {kind for kind in evidence.inside if kind not in ("any", "told_of")}
    if evidence.counted_addresses > evidence.inside["mobile"]:
        found.discard("mobile")  # some of many numbers of pages look like one
    if hint.semantic in _TITLES and hint.certainty >= 850 and not _tells_of_people(hint.semantic, evidence):
        found -= _ABOUT | {"person_name", "home_address"}
    if not found or (hint.semantic == "home_address" and found <= {"home_address"}):
        return None
    core_hint = hint.semantic is not None and SEMANTICS[hint.semantic].tier is Tier.CORE
    if core_hint and hint.certainty >= ENOUGH and evidence.inside_share() < 0.5:
        return None
    if hint.semantic in (
        "organisation",
        "venue",
        "work_place",
        "department",
        "region",
        "native_place",
        "url",
    ) and found <= {"home_address"}:
        return None
    if evidence.inside_share() >= 0.5 and len(found & (_TELLING | {"person_name", "home_address"})) >= 2:
        return Verdict("personal_mix", 900, "classify_inside")
    if (
        found == {"home_address"}
        and evidence.inside_share() >= 0.3
        and not evidence.long_texts > 0.5 * evidence.filled
    ):
        return Verdict("home_address", 820, "classify_cells")
    return Verdict("text_personal", 850 if found & _TELLING else 760, "classify_inside")


def _tells_of_people(semantic: str, evidence: Evidence) -> bool:
    """Say whether what happened to somebody stands in so many cells that the header does not explain it."""
    kinds = ("told_of", "private_life", "health") if semantic != "product" else ("told_of", "private_life")
    return any(evidence.inside[kind] >= _TOPICS * evidence.filled for kind in kinds)  # 非布司他 is a medicine


def _personal_keys(evidence: Evidence) -> bool:
    for key in evidence.keys:
        hint = read_header(key)
        if hint.semantic and SEMANTICS[hint.semantic].tier is Tier.CORE and hint.certainty >= ENOUGH:
            return True
    return False


_FORMED = {
    "id_card": ("id_card", "id_like", "masked_id_card", "scientific_id", "long_number", "code"),
    "mobile": (
        "mobile",
        "masked_mobile",
        "scientific_mobile",
        "landline",
        "integer",
        "code",
        "long_number",
        "hotline",
    ),
    "email": ("email", "masked_email", "word", "code"),
    "bank_card": (
        "bank_card",
        "masked_bank_card",
        "long_number",
        "scientific_long",
        "scientific_id",
        "code",
        "integer",
        "masked_id_card",
        "id_like",
    ),
    "person_name": ("name", "masked_person_name", "latin_name", "word", "text"),
    "pay": ("integer", "decimal", "measured", "seconds", "word", "structured", "text", "timestamp"),
    "birth_date": ("date", "integer", "timestamp", "decimal", "code"),
    "plate_number": ("plate_number", "code", "masked_plate_number", "word", "text"),
    "ip_address": ("ip_address", "word", "code"),
    "passport": ("passport", "code", "integer", "masked_id_card", "word"),
    "wechat": ("wechat", "word", "code", "mobile", "text", "name", "integer"),
    "qq": ("integer", "mobile", "code", "seconds"),
    "employee_no": ("integer", "code", "word", "date", "seconds", "long_number", "mobile", "timestamp"),
    "home_address": ("address", "text", "word", "unit", "organisation", "code", "name", "integer"),
}


def _said_core(hint: Hint, evidence: Evidence) -> Verdict | None:
    """A header that says core is believed, unless the cells cannot be that."""
    if hint.semantic is None or SEMANTICS[hint.semantic].tier is not Tier.CORE:
        return None
    formed = _FORMED.get(hint.semantic)
    if formed is not None and evidence.share(*formed) < 0.4:
        seen = _seen(evidence)
        return Verdict(
            seen.semantic if seen.tier is Tier.CORE else UNKNOWN,
            min(seen.confidence, ENOUGH - 100),
            "classify_contradicted",
        )
    if _contradicted(hint.semantic, evidence):
        return Verdict(UNKNOWN, 0, "classify_contradicted")
    return Verdict(
        hint.semantic, hint.certainty if hint.certainty >= ENOUGH else ENOUGH - 50, "classify_header"
    )


def _contradicted(semantic: str, evidence: Evidence) -> bool:
    """Say whether numbers lack the form or the check digit that their header promises, and words the like."""
    if semantic == "person_name":
        return (
            evidence.distinct >= 5
            and evidence.share("name", "masked_person_name", "latin_name") < 0.2
            and evidence.share("code", "word", "text", "unit", "organisation") > 0.5
            and evidence.share("word", "code") < 0.9
        )
    if semantic == "id_card":
        return evidence.share("long_number") >= 0.5 and evidence.share("id_card") < 0.2
    if semantic == "mobile":
        return (
            evidence.lengths[11] >= 0.6 * evidence.filled
            and evidence.share("mobile") < 0.8
            and evidence.share("integer", "code") > 0.2
        )
    if semantic == "pay":
        return (
            evidence.share(*_NUMBERS) < 0.3 and evidence.share("word", "unit", "organisation", "name") >= 0.6
        )
    return False


_NUMBERS = ("integer", "decimal", "measured", "percent", "seconds")
_WORDS = ("word", "text", "name", "unit", "organisation", "code", "address", "latin_name", "structured")
# (kinds that fit, least and most a number may be)
_FITS: Mapping[str, tuple[tuple[str, ...], float, float]] = {
    "age": ((*_NUMBERS, "word", "code", "date"), 0, 120),
    "years_of_service": ((*_NUMBERS, "word", "code"), 0, 70),
    "training_score": ((*_NUMBERS, "word", "text"), -1, 1_000),
    "attendance": (
        (*_NUMBERS, "word", "time", "date", "timestamp", "unit", "code", "text", "name"),
        -1,
        2_500,
    ),
    "overtime": ((*_NUMBERS, "time", "word", "date"), 0, 3_000),
    "leave": ((*_NUMBERS, "word", "date", "text", "code", "unit"), -1, 400),
    "satisfaction": ((*_NUMBERS, "word", "text", "code"), -1, 100),
    "gender": (("word", "integer", "code", "name"), 0, 9),
    "postcode": (("integer", "code", "decimal"), 10_000, 999_999),
    "percentage": (("percent", "decimal", "integer", "word"), -100_000, 100_000),
    "head_count": ((*_NUMBERS, "word"), 0, 1e7),
    "job_level": (("integer", "measured", *_WORDS), 0, 100),
    "event_date": (
        ("date", "timestamp", "integer", "decimal", "time", "word", "text", "code", "seconds", "measured"),
        0,
        1e14,
    ),
    "event_time": (
        ("date", "timestamp", "integer", "decimal", "time", "word", "text", "code", "seconds", "measured"),
        0,
        1e15,
    ),
    "join_date": (
        ("date", "timestamp", "integer", "decimal", "word", "text", "code", "seconds", "measured"),
        0,
        1e14,
    ),
    "url": (("url", "code", "word", "text"), 0, 0),
    "price": ((*_NUMBERS, "word", "code", "text", "timestamp"), -1e12, 1e12),
    "quantity": ((*_NUMBERS, "time", "word", "code", "text", "date"), -1e12, 1e12),
    "boolean_flag": (("word", "integer", "code", "text", "name"), -1, 10),
    "hotline": (("hotline", "landline", "integer", "mobile", "code", "word", "text"), 0, 1e12),
    "credit_code": (
        ("credit_code", "code", "long_number", "integer", "id_like", "word", "bank_card"),
        0,
        1e18,
    ),
    "unit_of_measure": (("word", "unit", "code"), 0, 0),
}
_TEXTUAL = frozenset(
    [
        "department",
        "team",
        "post",
        "education",
        "school",
        "major",
        "native_place",
        "ethnicity",
        "organisation",
        "activity_title",
        "course_title",
        "lecture_title",
        "policy_title",
        "title_other",
        "venue",
        "region",
        "category",
        "status",
        "need_category",
        "text_opinion",
        "interest",
        "skill",
        "work_place",
        "appraisal",
        "certificate",
    ]
)


def _said_less(hint: Hint, evidence: Evidence) -> Verdict | None:
    """A header that says less is believed where the cells fit and nothing in them speaks of people."""
    if hint.semantic is None or SEMANTICS[hint.semantic].tier is Tier.CORE:
        return None
    if not _fits(hint.semantic, evidence):
        seen = _seen(evidence)
        return Verdict(
            seen.semantic if seen.tier is Tier.CORE else UNKNOWN,
            min(seen.confidence, ENOUGH - 150),
            "classify_contradicted",
        )
    spoken = _spoken_of(hint.semantic, evidence)
    if spoken is not None:
        return spoken
    doubt = _doubt(hint.semantic, evidence)
    agreed = evidence.closed_share(hint.semantic) >= 0.5
    certainty = 960 if agreed else hint.certainty
    if doubt:
        return Verdict(hint.semantic, min(certainty, ENOUGH - 50), doubt)
    if certainty < 850 and hint.semantic not in _SAFE_BY_FORM:
        return (
            Verdict(hint.semantic, certainty, "classify_header")
            if certainty >= ENOUGH
            else Verdict(hint.semantic, ENOUGH - 60, "classify_header")
        )
    return Verdict(hint.semantic, certainty, "classify_both" if agreed else "classify_header")


_NAMES_OF_THINGS = frozenset(
    [
        "product",
        "lecture_title",
        "course_title",
        "activity_title",
        "policy_title",
        "title_other",
        "organisation",
        "need_category",
        "category",
        "venue",
        "interest",
        "certificate",
        "skill",
        "leave",
    ]
)
_PLACES = frozenset(
    ["venue", "work_place", "organisation", "region", "native_place", "title_other", "activity_title"]
)
_TOPICS = 0.15
_FREE = 0.3
"""What nobody can list, nobody can rule out: free text is read by a person before it counts as less."""


def _spoken_of(semantic: str, evidence: Evidence) -> Verdict | None:
    """What many short cells speak of outweighs a header that could stand over anything."""
    filled = evidence.filled
    if semantic not in _NAMES_OF_THINGS:
        if evidence.topics["health"] >= _TOPICS * filled:
            return Verdict("health", 730, "classify_cells")
        if evidence.topics["private_life"] >= _TOPICS * filled:
            return Verdict("hardship", 720, "classify_cells")
    if semantic not in _PLACES and evidence.share("address") >= 0.3:
        return Verdict("home_address", 740, "classify_cells")
    return None


_MOST_CODED = 100  # numbers that stand for words are small; greater ones may be amounts or somebody's number
_SAFE_BY_FORM = frozenset({"url", "percentage"})


def _fits(semantic: str, evidence: Evidence) -> bool:
    if semantic in _FITS:
        kinds, least, most = _FITS[semantic]
        if evidence.share(*kinds) < 0.6:
            return False
        return not evidence.numbers or least <= median(evidence.numbers) <= most
    if semantic in _TEXTUAL:
        numeric = evidence.share(
            "decimal",
            "measured",
            "date",
            "timestamp",
            "long_number",
            "scientific_id",
            "scientific_long",
            "id_like",
            "landline",
            "scientific_mobile",
        )
        if evidence.numbers and median(evidence.numbers) >= _MOST_CODED:
            numeric += evidence.share("integer")
        return numeric < 0.5
    return evidence.share("scientific_mobile", "masked_mobile", "masked_id_card") < 0.3


def _doubt(semantic: str, evidence: Evidence) -> str | None:
    """Return why a person should look although header and cells may agree."""
    names = 0.5 if semantic in _NAMELIKE else 0.2
    if evidence.share(*_NAMES) >= names and evidence.distinct >= 5 and evidence.closed_share(semantic) < 0.5:
        return "classify_like_names"
    if semantic not in _NAMES_OF_THINGS and any(
        evidence.topics[topic] for topic in ("health", "private_life")
    ):
        return "classify_some_cells"
    if any(evidence.telling[told] and semantic not in _MAY_HOLD[told] for told in _PRIVATE_LISTS):
        return "classify_some_cells"
    texts = evidence.long_texts
    if semantic in _TITLES:  # a kind is not so long, and a title is no sentence
        texts = (
            texts if semantic in _KINDS and 2 * evidence.distinct >= evidence.filled else evidence.sentences
        )
    if texts >= _FREE * evidence.filled:
        return "classify_free_text"
    if semantic in _TITLES and evidence.distinct >= _MANY and 2 * evidence.named_first >= evidence.filled:
        return "classify_like_names"
    if evidence.outliers or evidence.inside["told_of"]:
        return "classify_some_cells"
    if any(evidence.kinds[kind] and not _usual(kind, semantic, evidence) for kind in _STRONG):
        return "classify_some_cells"
    return None


# Numbers that are nobody's where most cells are numbers, and somebody's among words.
_ODD_NUMBERS = (
    "bank_card",
    "long_number",
    "landline",
    "id_like",
    "masked_bank_card",
    "scientific_id",
    "scientific_mobile",
)
_STRONG = (
    "mobile",
    "id_card",
    "email",
    "plate_number",
    "masked_mobile",
    "masked_id_card",
    "masked_person_name",
    "joined",
    "passport",
    "ip_address",
    "mac",
    "wechat",
    "address",
    "hash",
    "permit",
    "location",
    "imei",
    "pressure",
    *_ODD_NUMBERS,
)


def _usual(kind: str, semantic: str, evidence: Evidence) -> bool:
    """Say whether some cells have a form by chance, among many of nearly that form."""
    if kind == "mobile":  # an enterprise's own mobiles may be of one block, as what a counter gives is
        counted = evidence.serial and semantic != "hotline"
        return counted or evidence.lengths[11] > 3 * evidence.kinds["mobile"]
    if kind == "id_card":
        return evidence.kinds["id_card"] < 0.2 * (evidence.kinds["id_like"] + evidence.kinds["long_number"])
    if kind == "address":
        return evidence.kinds["address"] > 0.1 * evidence.filled
    if kind in _ODD_NUMBERS:
        return evidence.share("word", "text", "unit", "organisation", "name", "titled") < 0.8
    if kind in ("passport", "permit"):
        return evidence.share("code", "integer") > 0.3
    return False


_NAMELIKE = frozenset({"product", "title_other", "region"})

_CLOSED_ORDER = (
    "gender",
    "education",
    "ethnicity",
    "leave",
    "satisfaction",
    "attendance",
    "skill",
    "job_level",
    "appraisal",
    "need_category",
    "region",
    "unit_of_measure",
    "interest",
    "major",
    "post",
    "status",
    "category",
    "boolean_flag",
)
_BIRTHS = (1935, 2008)


def _seen(evidence: Evidence) -> Verdict:
    """Return what cells alone tell; only forms and closed lists that mean one thing are left to no person."""
    for semantic in _CLOSED_ORDER:
        if evidence.closed_share(semantic) >= 0.85:
            return Verdict(
                semantic, 800 if SEMANTICS[semantic].tier is not Tier.CORE else 850, "classify_cells"
            )
    if evidence.counts_up:
        return Verdict("record_no", 760, "classify_cells")
    dated = _seen_dates(evidence)
    if dated is not None:
        return dated
    for kinds, semantic, confidence in _FORMS:
        if evidence.share(*kinds) >= 0.7:
            return Verdict(semantic, confidence, "classify_cells")
    if evidence.share("name", "masked_person_name", "latin_name") >= 0.5 and evidence.distinct >= 5:
        return Verdict("person_name", 720, "classify_cells")
    if evidence.long_texts >= 0.5 * evidence.filled:
        return Verdict("text_opinion", ENOUGH - 100, "classify_cells")
    return Verdict(UNKNOWN, 0, "classify_unknown")


def _seen_dates(evidence: Evidence) -> Verdict | None:
    if not evidence.years or len(evidence.years) < 0.5 * evidence.distinct:
        return None
    middle = median(evidence.years)
    if _BIRTHS[0] <= middle <= _BIRTHS[1] - 8:
        return Verdict("birth_date", 740, "classify_cells")
    return Verdict("event_date", 720 if min(evidence.years) >= 2012 else ENOUGH - 100, "classify_cells")


_FORMS: Sequence[tuple[tuple[str, ...], str, int]] = (
    (("credit_code",), "credit_code", 950),
    (("url",), "url", 850),
    (("percent",), "percentage", 760),
    (("uuid",), "record_no", 600),
    (("hotline",), "hotline", 800),
    (("landline",), "landline", 760),
    (("time",), "event_time", 720),
    (("timestamp",), "event_time", 760),
    (("organisation",), "organisation", 760),
    (("unit",), "department", 760),
    (("unit", "organisation"), "department", 740),
    (("titled",), "policy_title", 800),
    (("address",), "home_address", 780),
    (("structured",), "unknown", 0),
    (("id_like", "scientific_id"), "id_card", 640),
    (("long_number", "bank_card"), "order_no", 600),
)
