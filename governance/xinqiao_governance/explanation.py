"""Why a request was allowed or refused, and what would have to change: found by asking the policy again.

What is asked for, output and purpose, is never varied: another purpose for the same look at data would be a
pretext, not a way. Of the rest one field, then two, are changed over all values that can matter; if neither
helps, everything is searched, and what is not needed is put back. Facts of the world are told as what a
request is limited to, never as something to claim.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Any, TypeAlias

from xinqiao_governance.canonical import Json
from xinqiao_governance.catalogue import Tier
from xinqiao_governance.decision import Decision
from xinqiao_governance.messages import Language, say, say_reason
from xinqiao_governance.policy import ROLES, Policy, Request, Rule
from xinqiao_governance.purposes import BASES, PURPOSES, Wall

_FIELDS = (
    "grant",
    "approved",
    "people",
    "legal_basis",
    "declared",
    "inside",
    "own",
    "tier",
    "home",
    "role",
)
"""In the order of what is told first: what can be obtained, then facts, then who asks."""
_GOOD = ("grant", "approved", "people", "declared", "inside")
_SHOWN = 6

Way: TypeAlias = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Explanation:
    """A decision, the rules that made it, and the ways to another.

    Attributes:
        ways: fields with the values that would make it allowed; empty where it is, or where nothing would.
        never: no change would allow this output for this purpose.
    """

    request: Request
    decision: Decision
    rules: tuple[Rule, ...]
    ways: tuple[Way, ...]

    @property
    def never(self) -> bool:
        """Say whether no change would allow this output for this purpose."""
        return not self.decision.allowed and not self.ways

    def lines(self, language: Language) -> list[str]:
        """Return lines for a person."""
        return [
            _verdict(self.decision, language),
            _purpose(self.request.purpose, language),
            *(_rule_line(rule, language) for rule in self.rules),
            *_obligations(self.decision, language),
            *self._way_lines(language),
        ]

    def to_json(self) -> dict[str, Json]:
        """Return plain data."""
        return {
            "allowed": self.decision.allowed,
            "reason": self.decision.reason,
            "rules": [rule.id for rule in self.rules],
            "obligations": self.decision.obligations.to_json(),
            "ways": [[{"field": name, "value": _plain(value)} for name, value in way] for way in self.ways],
            "never": self.never,
        }

    def _way_lines(self, language: Language) -> list[str]:
        if self.decision.allowed:
            return []
        if self.never:
            return [say("explain_never", language)]
        told = [f"- {_told(way, language)}" for way in self.ways[:_SHOWN]]
        more = len(self.ways) - len(told)
        rest = [say("explain_more", language, count=more)] if more else []
        return [say("explain_ways", language), *told, *rest]


def explain_request(policy: Policy, request: Request) -> Explanation:
    """Decide on a request and say why, and what would have to change.

    Raises:
        Denied: a field is of another type, or a name that nobody knows.
    """
    request.require_known()
    decision, rules = policy.judge(request)
    ways = () if decision.allowed else _ways(policy, request)
    return Explanation(request, decision, rules, ways)


def _ways(policy: Policy, request: Request) -> tuple[Way, ...]:
    values = _values(policy, request)
    for count in (1, 2):
        found = [way for way in _changes(values, count) if _allows(policy, request, way)]
        if found:
            return tuple(_least(found))
    way = _any_way(policy, request, values)
    return () if way is None else (way,)


def _values(policy: Policy, request: Request) -> dict[str, list[Any]]:
    """Return for each field the other values that can matter to the decision."""
    groups = {n for rule in policy.rules for number in rule.numbers for n in (number, number + 1)}
    all_values: dict[str, list[Any]] = {
        "grant": [request.now + 1],
        "approved": [True],
        "people": sorted(n for n in groups if n > request.people),
        "legal_basis": [b.id for b in BASES.values() if b.side is PURPOSES[request.purpose].side],
        "declared": [True],
        "inside": [True],
        "own": [True, False],
        "tier": list(Tier),
        "home": list(Wall),
        "role": list(ROLES),
    }
    held = request.grant is not None and request.grant > request.now
    all_values["grant"] = [] if held else all_values["grant"]
    return {name: [v for v in all_values[name] if v != getattr(request, name)] for name in _FIELDS}


def _changes(values: dict[str, list[Any]], count: int) -> Iterator[Way]:
    for names in combinations(_FIELDS, count):
        for chosen in product(*(values[name] for name in names)):
            yield tuple(zip(names, chosen, strict=True))


def _allows(policy: Policy, request: Request, way: Way) -> bool:
    return policy.decide(replace(request, **dict(way))).allowed


def _least(ways: list[Way]) -> list[Way]:
    """Drop a way that asks for more people than another which is else the same."""
    seen: set[Way] = set()
    kept = []
    for way in ways:  # numbers of people ascend
        rest = tuple(change if change[0] != "people" else ("people", 0) for change in way)
        if rest not in seen:
            seen.add(rest)
            kept.append(way)
    return kept


def _any_way(policy: Policy, request: Request, values: dict[str, list[Any]]) -> Way | None:
    """Return the shortest way of those that have all that can be obtained, less what is not needed."""
    best: Way | None = None
    good = tuple((name, values[name][-1]) for name in _GOOD if values[name])
    names = [name for name in _FIELDS if name not in _GOOD]
    for chosen in product(*([None, *values[name]] for name in names)):
        way = good + tuple((n, value) for n, value in zip(names, chosen, strict=True) if value is not None)
        if (best is None or len(way) - len(good) < len(best)) and _allows(policy, request, way):
            way = _shortened(policy, request, way, values["people"])
            best = way if best is None or len(way) < len(best) else best
    return best


def _shortened(policy: Policy, request: Request, way: Way, groups: list[int]) -> Way:
    """Return the way less what is not needed, with the fewest people that do."""
    for change in way:
        shorter = tuple(other for other in way if other != change)
        if _allows(policy, request, shorter):
            way = shorter
    if "people" in dict(way):
        fewer = ({**dict(way), "people": people} for people in groups)
        way = next(tuple(some.items()) for some in fewer if _allows(policy, request, tuple(some.items())))
    return tuple(sorted(way, key=lambda change: _FIELDS.index(change[0])))


def _plain(value: Any) -> Json:
    return value if isinstance(value, bool | int) else str(value)


def _verdict(decision: Decision, language: Language) -> str:
    if decision.allowed:
        return say("explain_allowed", language)
    return say("explain_refused", language, reason=say_reason(decision.reason, language))


def _purpose(name: str, language: Language) -> str:
    purpose = PURPOSES[name]
    bases = [_quoted(basis.id, language) for basis in BASES.values() if basis.side is purpose.side]
    return say(
        "explain_purpose",
        language,
        name=purpose.name[language == "en"],
        id=name,
        side=say(f"side_{purpose.side.value}", language),
        dpv=purpose.dpv,
        bases=", ".join(bases) or say("explain_basis_none", language),
    )


def _quoted(basis: str, language: Language) -> str:
    found = BASES[basis]
    return f"{found.name[language == 'en']} ({found.id}; {found.clause[language == 'en']})"


def _rule_line(rule: Rule, language: Language) -> str:
    return say("explain_rule", language, rule=rule.id, sentence=say_reason(rule.reason, language))


def _obligations(decision: Decision, language: Language) -> list[str]:
    kept = decision.obligations
    group = [say("explain_group", language, people=kept.minimum_group)] if kept.minimum_group else []
    return [*group, say("explain_mask", language)] if kept.mask else group


def _told(way: Way, language: Language) -> str:
    return say("explain_and", language).join(_change(name, value, language) for name, value in way)


def _change(name: str, value: Any, language: Language) -> str:
    match name:
        case "own":
            return say("way_own_yes" if value else "way_own_no", language)
        case "people":
            return say("way_people", language, value=value)
        case "legal_basis":
            return say("way_legal_basis", language, value=_quoted(value, language))
        case "tier":
            return say("way_tier", language, value=say(f"policy_tier_{value.value}", language))
        case "home":
            return say("way_home", language, value=say(f"wall_{value.value}", language))
        case "role":
            return say("way_role", language, value=say(f"role_{value}", language))
        case _:
            return say(f"way_{name}", language)
