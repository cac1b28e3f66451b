"""The second opinion on the data policy: one table of rules, read cell by cell.

`oracle(request)` answers (allowed, obligations). The tables below ARE the policy; the code after them
only looks things up. Whatever is not in a table is denied ("silence means no").
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

# ---------------------------------------------------------------------------------------- vocabulary
CORE, SENSITIVE, PUBLIC = "core", "sensitive", "public"
TIERS = (CORE, SENSITIVE, PUBLIC)
ROLES = ("steward", "operator", "auditor", "privacy_officer", "cadre", "employee", "service")
OUTPUTS = ("masked_sum", "released_statistic", "local_result", "raw_view", "raw_export")
HOMES = ("care", "appraisal", "none")

CARE = ("career_development", "needs_analysis", "staff_care", "cultural_activity")
APPRAISAL = ("performance_appraisal", "discipline_inspection")
NEUTRAL = ("audit", "rights_request", "security", "operations")
NEVER = ("dismissal", "opinion_scoring")  # known words, allowed for nobody
PURPOSES = (*CARE, *APPRAISAL, *NEUTRAL, *NEVER)

#: purpose -> its side
SIDE: dict[str, str] = {
    **dict.fromkeys(CARE, "care"),
    **dict.fromkeys(APPRAISAL, "appraisal"),
    **dict.fromkeys(NEUTRAL, "neutral"),
    **dict.fromkeys(NEVER, "never"),
}

#: "Each purpose goes with the bases of its side only."
BASES_OF_SIDE: dict[str, tuple[str, ...]] = {
    "care": ("staff_consent", "union_duty"),
    "appraisal": ("hr_management", "party_discipline"),
    "neutral": ("legal_obligation",),
    "never": (),
}
BASES = tuple(basis for bases in BASES_OF_SIDE.values() for basis in bases)

#: The wall: side of the purpose -> the homes whose data may serve it.
HOMES_OF_SIDE: dict[str, tuple[str, ...]] = {
    "care": ("care", "none"),
    "appraisal": ("appraisal", "none"),
    "neutral": HOMES,
    "never": (),
}

#: Every field a request has: its exact type. `grant` alone may be absent.
FIELD_TYPES: dict[str, type] = {
    "role": str, "output": str, "tier": str, "purpose": str, "legal_basis": str, "home": str,
    "declared": bool, "approved": bool, "own": bool, "inside": bool,
    "people": int, "grant": int, "now": int,
}  # fmt: skip
OPTIONAL_FIELDS = frozenset({"grant"})
VOCABULARY: dict[str, tuple[str, ...]] = {
    "role": ROLES, "output": OUTPUTS, "tier": TIERS, "purpose": PURPOSES, "legal_basis": BASES, "home": HOMES,
}  # fmt: skip
#: Cedar's Long is a signed 64-bit number; a number outside it is an error, and errors mean deny.
LONG_MIN, LONG_MAX = -(2**63), 2**63 - 1


@dataclass(frozen=True)
class Facts:
    """A well-formed request."""

    role: str
    output: str
    tier: str
    purpose: str
    legal_basis: str
    home: str
    declared: bool
    approved: bool
    own: bool
    inside: bool
    people: int
    now: int
    grant: int | None


#: The conditions a rule may ask for, by the word used in the rules.
CONDITIONS: dict[str, Callable[[Facts], bool]] = {
    "declared": lambda f: f.declared,
    "approved": lambda f: f.approved,
    "own": lambda f: f.own,
    "inside": lambda f: f.inside,
    "grant": lambda f: f.grant is not None and f.grant > f.now,  # in the very second of expiry: expired
    "people>=500": lambda f: f.people >= 500,
    "people>=20": lambda f: f.people >= 20,
    "people=1": lambda f: f.people == 1,
}


# -------------------------------------------------------------------------------------------- rules
@dataclass(frozen=True)
class Rule:
    """Allow `output` to `roles` for `purposes` on `tiers` when all of `needs` hold."""

    id: str
    output: str
    roles: tuple[str, ...]
    purposes: tuple[str, ...]
    tiers: tuple[str, ...]
    needs: tuple[str, ...]
    text: str


OPEN = (PUBLIC, SENSITIVE)  # the two tiers below core
VIEWERS = ("operator", "steward", "cadre", "auditor", "privacy_officer")  # of statistics; employee apart
PRIVACY = ("audit", "security", "rights_request")

SUM = ("declared", "people>=500", "grant")
STAT = ("people>=20",)
LOCAL = ("inside", "people=1")
RAW = ("inside",)

RULES: tuple[Rule, ...] = (
    # ---- masked_sum
    Rule("sum-care", "masked_sum", ("operator", "service"), CARE, OPEN, SUM,
         "operator and service only; declared; people >= 500; needs an unexpired grant in any tier"),
    Rule("sum-care-core", "masked_sum", ("operator", "service"), CARE, (CORE,), (*SUM, "approved"),
         "core needs approved"),
    Rule("sum-appraisal", "masked_sum", ("operator", "service"), APPRAISAL, OPEN, SUM,
         "care or appraisal purposes; for appraisal purposes on core data: never"),
    # ---- released_statistic
    Rule("stat-care", "released_statistic", VIEWERS, CARE, TIERS, (*STAT, "declared"),
         "may see it for any care purpose; people >= 20; no grant needed; declared needed"),
    Rule("stat-care-employee", "released_statistic", ("employee",), CARE, OPEN, (*STAT, "declared"),
         "employees see those of tier public and sensitive only"),
    Rule("stat-audit", "released_statistic", VIEWERS, ("audit",), TIERS, STAT,
         "... or audit; declared needed except for audit"),
    Rule("stat-audit-employee", "released_statistic", ("employee",), ("audit",), OPEN, STAT,
         "... or audit; employees see those of tier public and sensitive only"),
    Rule("stat-appraisal", "released_statistic", ("operator", "cadre"), APPRAISAL, OPEN, (*STAT, "declared"),
         "Appraisal: operator and cadre, tier public or sensitive"),
    # ---- local_result
    Rule("local-employee-care", "local_result", ("employee",), CARE, TIERS, (*LOCAL, "own", "declared"),
         "employee: own only, care purposes, any tier"),
    Rule("local-employee-rights", "local_result", ("employee",), ("rights_request",), TIERS, (*LOCAL, "own"),
         "employee: own only, rights_request, any tier; declared needed except for rights_request"),
    Rule("local-cadre-care", "local_result", ("cadre",), CARE, OPEN, (*LOCAL, "grant", "declared"),
         "cadre: care purposes, public and sensitive tier, needs a grant, not core"),
    Rule("local-cadre-appraisal", "local_result", ("cadre",), APPRAISAL, OPEN, (*LOCAL, "grant", "declared"),
         "cadre for appraisal with grant on public or sensitive"),
    Rule("local-steward", "local_result", ("steward",), CARE, OPEN, (*LOCAL, "declared"),
         "steward: care purposes, any tier"),
    Rule("local-steward-core", "local_result", ("steward",), CARE, (CORE,), (*LOCAL, "declared", "approved"),
         "steward: care purposes, any tier; core needs approved"),
    Rule("local-service", "local_result", ("service",), CARE, TIERS, (*LOCAL, "own", "declared"),
         "service: care purposes on behalf of the person (own true), any tier"),
    # ---- raw_view ("All without declared")
    Rule("raw-steward", "raw_view", ("steward",), ("operations", "rights_request"), OPEN, RAW,
         "steward: operations or rights_request, any tier"),
    Rule("raw-steward-core", "raw_view", ("steward",), ("operations", "rights_request"), (CORE,),
         (*RAW, "approved", "grant"),
         "steward: core needs approved and a grant"),
    Rule("raw-employee", "raw_view", ("employee",), ("rights_request",), TIERS, (*RAW, "own"),
         "employee: own only, rights_request, any tier, nothing else needed"),
    Rule("raw-privacy", "raw_view", ("privacy_officer",), PRIVACY, OPEN, RAW,
         "privacy_officer: audit or security or rights_request, sensitive and public"),
    Rule("raw-privacy-core", "raw_view", ("privacy_officer",), PRIVACY, (CORE,), (*RAW, "approved", "grant"),
         "privacy_officer: core needs approved and a grant"),
    Rule("raw-public", "raw_view", ("auditor", "operator", "cadre", "service"), ("audit", "operations"),
         (PUBLIC,), RAW,
         "auditor, operator, cadre, service: public tier only, purpose audit or operations, inside"),
    # ---- raw_export: nobody, ever (no rule)
)  # fmt: skip


# -------------------------------------------------------------------------------------- obligations
@dataclass(frozen=True)
class Duty:
    """An obligation on an allowed `output`, for these roles and tiers."""

    output: str
    roles: tuple[str, ...]
    tiers: tuple[str, ...]
    spare_self: bool  # true: the person himself (own) is free of it
    obligation: str
    text: str


DUTIES: tuple[Duty, ...] = (
    Duty("masked_sum", ROLES, TIERS, False, "minimum_group:500", "masked_sum -> minimum_group 500"),
    Duty("released_statistic", ROLES, TIERS, False, "minimum_group:20",
         "released_statistic -> minimum_group 20"),
    Duty("raw_view", ROLES, (CORE, SENSITIVE), True, "mask",
         "raw_view of core or sensitive by anyone but the person himself -> mask"),
    Duty("local_result", ("cadre",), TIERS, False, "mask", "local_result by cadre -> mask"),
)  # fmt: skip

# ------------------------------------------------------------------------------------ looking it up
Key = tuple[str, str, str, str]  # (output, role, purpose, tier)
DENY: tuple[bool, frozenset[str]] = (False, frozenset())


def build_cells(rules: Iterable[Rule]) -> dict[Key, tuple[str, ...]]:
    """Spread the rules into the dict of cells; two rules on one cell are a mistake in the table."""
    cells: dict[Key, tuple[str, ...]] = {}
    for rule in rules:
        for role in rule.roles:
            for purpose in rule.purposes:
                for tier in rule.tiers:
                    key = (rule.output, role, purpose, tier)
                    if key in cells:
                        raise ValueError(f"two rules on one cell: {key}")
                    cells[key] = rule.needs
    return cells


CELLS: dict[Key, tuple[str, ...]] = build_cells(RULES)


def read_facts(request: Mapping[str, object]) -> Facts | None:
    """The request as facts, or None when a field is missing, extra, of another type or an unknown word."""
    if not isinstance(request, Mapping):
        return None
    values: dict[str, object] = dict(request)
    present = set(values)
    if not (set(FIELD_TYPES) - OPTIONAL_FIELDS) <= present <= set(FIELD_TYPES):
        return None
    for name, value in values.items():
        if type(value) is not FIELD_TYPES[name]:  # exact: True is no int, 1 is no bool
            return None
        if name in VOCABULARY and value not in VOCABULARY[name]:
            return None
        if isinstance(value, int) and not LONG_MIN <= value <= LONG_MAX:
            return None
    values.setdefault("grant", None)
    return Facts(**values)  # type: ignore[arg-type]  # every type was checked just above


def decide(
    request: Mapping[str, object],
    cells: Mapping[Key, tuple[str, ...]],
    duties: Iterable[Duty] = DUTIES,
) -> tuple[bool, frozenset[str]]:
    """Judge a request by the given cells (so that a check can ask what another table would say)."""
    facts = read_facts(request)
    if facts is None:
        return DENY
    side = SIDE[facts.purpose]
    if facts.legal_basis not in BASES_OF_SIDE[side] or facts.home not in HOMES_OF_SIDE[side]:
        return DENY
    needs = cells.get((facts.output, facts.role, facts.purpose, facts.tier))
    if needs is None or not all(CONDITIONS[need](facts) for need in needs):
        return DENY
    return True, frozenset(
        duty.obligation
        for duty in duties
        if duty.output == facts.output
        and facts.role in duty.roles
        and facts.tier in duty.tiers
        and not (duty.spare_self and facts.own)
    )


def oracle(request: Mapping[str, object]) -> tuple[bool, frozenset[str]]:
    """(allowed, obligations) for one request."""
    return decide(request, CELLS)


# ---------------------------------------------------------------------------------- random requests
NOW = 1_800_000_000
#: A number of people that satisfies the output, and others at and around the edges.
FITTING_PEOPLE: dict[str, tuple[int, ...]] = {
    "masked_sum": (500, 501, 640, 5_000, 120_000),
    "released_statistic": (20, 21, 77, 499, 500, 9_000),
    "local_result": (1,),
    "raw_view": (1, 1, 3, 40, 800),
    "raw_export": (1, 40, 800),
}
ANY_PEOPLE = (-500, -20, -1, 0, 1, 2, 19, 20, 21, 100, 499, 500, 501, 10_000)
GRANT_AHEAD = (1, 2, 60, 86_400, 31_536_000)
GRANT_OVER = (0, 0, -1, -60, -86_400)
CHOICES: dict[str, tuple[object, ...]] = {
    **VOCABULARY,
    **dict.fromkeys(("declared", "approved", "own", "inside"), (True, False)),
    "people": ANY_PEOPLE,
}
BAD_WORDS: tuple[str, ...] = (
    "", " ", "*", "any", "admin", "root", "null", "None", "true", "Steward", "EMPLOYEE", "raw_view ",
    " public", "core\u0000", "publi\u0441", "\u6838\u5fc3\u9690\u79c1", "staff-care", "profiling", "consent",
    "x" * 5_000, '" || true || "', 'steward" || principal == principal || "',
    "true); permit(principal, action, resource);//", 'Role::"steward"',
    'public"; permit (principal, action, resource) when { true };', "unless { false }",
    '@id("allow_all") permit(principal,action,resource);', "context.inside == true",
    "\\\" like \"*", "${tier}",
)  # fmt: skip
HUGE: tuple[int, ...] = (2**63, 2**64, 10**30, -(10**30))
WRONG_TYPES: dict[type, tuple[object, ...]] = {
    str: (None, True, False, 0, 1, 7, 1.5, ("[list]",), {"word": "public"}),
    bool: (None, 0, 1, "true", "false", "", 1.5, ("[list]",), {"value": True}),
    int: (None, True, False, "500", "", 500.5, 1e300, ("[list]",), {"value": 500}),
}
FIELDS = tuple(FIELD_TYPES)
REQUIRED_FIELDS = tuple(name for name in FIELDS if name not in OPTIONAL_FIELDS)


def _fitting(rng: random.Random, key: Key) -> dict[str, object]:
    """A request on this cell with every condition the text ever asks for met; what is left is random."""
    output, role, purpose, tier = key
    side = SIDE[purpose]
    now = NOW + rng.randrange(-10_000_000, 10_000_000)
    return {
        "role": role,
        "output": output,
        "tier": tier,
        "purpose": purpose,
        "legal_basis": rng.choice(BASES_OF_SIDE[side] or BASES),
        "declared": True,
        "approved": True,
        "own": True,
        "inside": True,
        "people": rng.choice(FITTING_PEOPLE[output]),
        "grant": now + rng.choice(GRANT_AHEAD),
        "now": now,
        "home": rng.choice(HOMES_OF_SIDE[side] or HOMES),
    }


def _loosen(rng: random.Random, request: dict[str, object], needs: tuple[str, ...]) -> None:
    """Leave to chance each condition that the cell does not ask for."""
    for name in ("declared", "approved", "own", "inside"):
        if name not in needs:
            request[name] = rng.random() < 0.5
    if "grant" not in needs:
        _spread_grant(rng, request)


def _spread_grant(rng: random.Random, request: dict[str, object]) -> None:
    now = request["now"]
    assert isinstance(now, int)
    kind = rng.choice(("none", "over", "ahead"))
    if kind == "none":
        request.pop("grant", None)
    else:
        request["grant"] = now + rng.choice(GRANT_OVER if kind == "over" else GRANT_AHEAD)


def _miss_grant(rng: random.Random, request: dict[str, object]) -> None:
    now = request["now"]
    assert isinstance(now, int)
    if rng.random() < 0.4:
        request.pop("grant", None)
    else:
        request["grant"] = now + rng.choice(GRANT_OVER)


def _one_off(rng: random.Random, request: dict[str, object], needs: tuple[str, ...]) -> None:
    """Change one thing only: often a condition that the cell asks for, else any other field."""
    asked = [need for need in needs if rng.random() < 0.9]
    name = rng.choice(asked) if asked and rng.random() < 0.5 else rng.choice((*CHOICES, "grant"))
    if name == "grant":
        _miss_grant(rng, request)
    elif name.startswith("people"):
        request["people"] = rng.choice([n for n in ANY_PEOPLE if n != request["people"]])
    else:
        request[name] = rng.choice([value for value in CHOICES[name] if value != request[name]])


def _uniform(rng: random.Random) -> dict[str, object]:
    """Every field on its own, whatever the others are."""
    request: dict[str, object] = {name: rng.choice(choices) for name, choices in CHOICES.items()}
    request["now"] = NOW + rng.randrange(-10_000_000, 10_000_000)
    _spread_grant(rng, request)
    return request


def _spoil(rng: random.Random, request: dict[str, object]) -> None:
    """Make a request malformed in one field."""
    kind = rng.choice(("missing", "type", "type", "word", "word", "huge"))
    if kind == "missing":
        del request[rng.choice(REQUIRED_FIELDS)]
    elif kind == "type":
        name = rng.choice(FIELDS)
        request[name] = rng.choice(WRONG_TYPES[FIELD_TYPES[name]])
    elif kind == "word":
        request[rng.choice(tuple(VOCABULARY))] = rng.choice(BAD_WORDS)
    else:
        request[rng.choice(("people", "grant", "now"))] = rng.choice(HUGE)


_ALL_KEYS: tuple[Key, ...] = tuple(itertools.product(OUTPUTS, ROLES, PURPOSES, TIERS))
_ALLOWED_KEYS: tuple[Key, ...] = tuple(CELLS)
_RULE_KEYS: tuple[tuple[Key, ...], ...] = tuple(tuple(build_cells((rule,))) for rule in RULES)
_KINDS = ("fit", "one_off", "open_cell", "uniform", "malformed")
_WEIGHTS = (27, 38, 20, 10, 5)


def labelled_requests(seed: int, count: int) -> list[tuple[str, dict[str, object]]]:
    """As `random_requests`, each with the way it was made (fit, one_off, open_cell, uniform, malformed).

    `open_cell` draws from ALL cells, with every condition met, so that a cell wrongly absent from (or
    present in) either policy shows; `fit`, `one_off` and `malformed` start from a cell that the rules allow.
    """
    rng = random.Random(seed)
    made: list[tuple[str, dict[str, object]]] = []
    for _ in range(count):
        kind = rng.choices(_KINDS, _WEIGHTS)[0]
        if kind == "uniform":
            made.append((kind, _uniform(rng)))
            continue
        if kind == "open_cell":
            made.append((kind, _fitting(rng, rng.choice(_ALL_KEYS))))
            continue
        key = rng.choice(rng.choice(_RULE_KEYS)) if rng.random() < 0.6 else rng.choice(_ALLOWED_KEYS)
        request = _fitting(rng, key)
        _loosen(rng, request, CELLS[key])
        if kind == "one_off":
            _one_off(rng, request, CELLS[key])
        elif kind == "malformed":
            _spoil(rng, request)
        made.append((kind, request))
    return made


def random_requests(seed: int, count: int) -> list[dict[str, object]]:
    """`count` requests, the same for the same seed: allows, near misses, and about 5 % malformed."""
    return [request for _, request in labelled_requests(seed, count)]
