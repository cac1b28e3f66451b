"""Policy: tier × purpose × role × output, decided by Cedar. Silence, errors and unknown names mean no.

Cedar skips a policy that fails to evaluate, a forbid too; so an answer counts as "allow" only if it is
Allow *and* no policy failed *and* every name in the request is known (Cedar itself does not ask whether
entities exist).
"""

import json
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import cedarpy

from xinqiao_governance.canonical import Json, digest
from xinqiao_governance.catalogue import Tier
from xinqiao_governance.decision import Decision, Obligations
from xinqiao_governance.errors import Denied, UsageInvalid
from xinqiao_governance.order import Output
from xinqiao_governance.parse import is_visible
from xinqiao_governance.purposes import BASES, PURPOSES, Side, Wall

ROLES = ("operator", "steward", "auditor", "privacy_officer", "cadre", "employee", "service")

_MOST_UNKNOWN = 8  # named in a refusal
_MOST, _MOST_DIGITS = (1 << 63) - 1, 19  # Cedar's Long
# Cedar's parser, and whoever walks what it made, calls itself for each part in a part: the stack is finite.
_MOST_CHARACTERS, _MOST_WORDS = 200_000, 400
_ASIDE = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*')
_WORD = re.compile(r"\w+|[^\w\s]")
_LAYOUT = dict.fromkeys(map(ord, "\n\r\t"))
_NAME = re.compile("[A-Za-z0-9_-]{1,80}")
_NOTES = {"permit": {"id", "reason", "minimum_group", "mask"}, "forbid": {"id", "reason", "floor"}}


@dataclass(frozen=True)
class Request:
    """One question to the policy: may `role` have `output` of a column of `tier`, in this context?

    Attributes:
        declared: the dataset declares the purpose.
        approved: this department's steward approved this very request.
        own: who asks is the person asked about.
        inside: who asks acts inside the department that holds the record.
        people: expected in the result.
        home: on which side of the wall the dataset was collected.
        now, grant: the node's clock, and when the grant ends, in seconds; None without a grant.
    """

    role: str
    output: Output
    tier: Tier
    purpose: str
    legal_basis: str
    declared: bool
    approved: bool
    own: bool
    inside: bool
    people: int
    home: Wall
    now: int
    grant: int | None = None

    @classmethod
    def from_mapping(cls, asked: object) -> "Request":
        """Read a request of plain values; without "grant" there is none.

        Raises:
            Denied: a field is missing, unknown, of another type, or holds a name that nobody knows; it names
                all of them.
        """
        if not isinstance(asked, Mapping):
            raise Denied("request_field_invalid", field="{}")
        read: dict[str, Any] = {
            name: _NAMED[name](value) if name in _NAMED else value for name, value in asked.items()
        }
        unknown = [_shown(str(name)) for name in asked if name not in _HOLDS]
        if asked.get("grant", 0) is None:  # absent is the one way to say that there is none
            unknown.append("grant")
        _require(read, unknown)
        return cls(**read)

    def require_known(self) -> None:
        """Refuse whatever has another type than its field, or is a name that nobody knows.

        Raises:
            Denied: there is such a field; it names all of them.
        """
        _require(vars(self), [])

    def to_cedar(self) -> dict[str, object]:
        """Return Cedar's form of the request; ids are structured, so no text can break out of its quotes."""
        context: dict[str, object] = {
            "purpose": self.purpose,
            "side": PURPOSES[self.purpose].side,
            "legal_basis": self.legal_basis,
            "basis_side": BASES[self.legal_basis].side,
            "declared": self.declared,
            "approved": self.approved,
            "own": self.own,
            "inside": self.inside,
            "people": self.people,
            "home": self.home,
            "now": self.now,
        }
        if self.grant is not None:
            context["grant"] = self.grant
        return {
            "principal": {"type": "Role", "id": self.role},
            "action": {"type": "Action", "id": self.output.value},
            "resource": {"type": "Tier", "id": self.tier.value},
            "context": json.dumps(context),  # Cedar reads text faster than it walks a dict
        }

    def to_json(self) -> dict[str, Json]:
        """Return plain values, as `from_mapping` reads them."""
        return {
            name: str(value) if isinstance(value, str) else value
            for name in REQUEST_FIELDS
            if (value := getattr(self, name)) is not None
        }


REQUEST_FIELDS = tuple(field.name for field in fields(Request))


@dataclass(frozen=True)
class Rule:
    """One rule of a policy.

    Attributes:
        reason: the code of its sentence.
        floor: it stands unchanged in every policy that a department adopts.
        form: what it says, for comparing two of one id.
        numbers: that it compares with.
    """

    id: str
    effect: str
    reason: str
    obligations: Obligations
    floor: bool
    form: str
    numbers: frozenset[int]


class Policy:
    """A validated set of Cedar policies with its digest (32 bytes over schema and policies)."""

    def __init__(self, policies: str, schema: str) -> None:
        """Parse and validate.

        Raises:
            UsageInvalid: the text is too long, does not parse, does not fit the schema, names what nobody
                knows, or a rule lacks its own id or its reason, or has a note that means nothing.
        """
        _require_readable(policies)
        try:
            self._schema = cedarpy.Schema.from_str(schema)
            parsed = json.loads(cedarpy.policies_to_json_str(policies))
        except ValueError as error:
            raise UsageInvalid("policy_invalid") from error
        if parsed["templates"] or not cedarpy.validate_policies(policies, schema).validation_passed:
            raise UsageInvalid("policy_invalid")
        forms = parsed["staticPolicies"]
        _require_known_words(forms)
        self._rules = {name: _rule(form) for name, form in forms.items()}
        if len({rule.id for rule in self.rules}) != len(self.rules):
            raise UsageInvalid("policy_rule_twice")
        try:
            self._policies = {output: _about(output, forms) for output in Output}
        except ValueError as error:  # nested deeper than Cedar reads back
            raise UsageInvalid("policy_invalid") from error
        self._entities = cedarpy.Entities.from_json_str(json.dumps(_entities()))
        self.text = policies
        self.digest = digest("policy", f"{len(schema)}\n{schema}{policies}".encode())

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule, in the order of the text."""
        return self._in_order(self._rules)

    def decide(self, request: Request) -> Decision:
        """Return the decision; a refusal names the first forbid that spoke, or `policy_silent`."""
        return self.judge(request)[0]

    def decide_on(self, asked: object) -> Decision:
        """Return the decision on a request of plain values; one that cannot be read is refused."""
        try:
            return self.decide(Request.from_mapping(asked))
        except Denied as error:
            return Decision.refuse(error.code)

    def judge(self, request: Request) -> tuple[Decision, tuple[Rule, ...]]:
        """Return the decision with the rules that made it, in their order."""
        try:
            request.require_known()
        except Denied as error:
            return Decision.refuse(error.code), ()
        policies = self._policies[request.output]
        result = cedarpy.is_authorized(request.to_cedar(), policies, self._entities, self._schema)
        if result.diagnostics.errors:
            return Decision.refuse("policy_failed"), ()
        rules = self._in_order(result.diagnostics.reasons)
        if result.allowed:
            return Decision.allow(_strictest(rules)), rules
        return Decision.refuse(rules[0].reason if rules else "policy_silent"), rules

    def require_floor(self, default: "Policy") -> None:
        """Refuse a policy that lacks, or changes, a rule that `default` calls its floor.

        A forbid always wins, whatever else a policy says: with them in it the wall and the nevers hold.

        Raises:
            UsageInvalid: there is such a rule.
        """
        own = {rule.id: rule for rule in self.rules}
        for rule in default.rules:
            if rule.floor and own.get(rule.id) != rule:
                raise UsageInvalid("policy_floor_missing", rule=rule.id)

    def _in_order(self, names: Iterable[str]) -> tuple[Rule, ...]:
        return tuple(self._rules[name] for name in sorted(names, key=_position))


def _require_readable(text: str) -> None:
    """Refuse a text that nobody can read before they approve it: too long, or with letters nobody sees."""
    if not is_visible(text.translate(_LAYOUT)):
        raise UsageInvalid("policy_letters_unclear")
    if len(text) > _MOST_CHARACTERS:
        raise UsageInvalid("policy_too_long", characters=_MOST_CHARACTERS, words=_MOST_WORDS)
    for rule in _ASIDE.sub(" _ ", text).split(";"):
        if sum(1 for _ in _WORD.finditer(rule)) > _MOST_WORDS:
            raise UsageInvalid("policy_too_long", characters=_MOST_CHARACTERS, words=_MOST_WORDS)


def _about(output: Output, forms: Mapping[str, Any]) -> cedarpy.PolicySet:
    """Return the rules that may speak on an output: to ask all of them takes half as long again."""
    others = [{"op": "==", "entity": {"type": "Action", "id": o.value}} for o in Output if o is not output]
    own = {name: form for name, form in forms.items() if form["action"] not in others}
    return cedarpy.PolicySet.from_json_str(
        json.dumps({"staticPolicies": own, "templates": {}, "templateLinks": []})
    )


def _strictest(rules: Iterable[Rule]) -> Obligations:
    found = Obligations()
    for rule in rules:
        found |= rule.obligations
    return found


def _entities() -> list[dict[str, object]]:
    known = [("Role", role) for role in ROLES] + [("Tier", tier.value) for tier in Tier]
    return [{"uid": {"type": kind, "id": name}, "attrs": {}, "parents": []} for kind, name in known]


def _shown(text: str) -> str:
    """Return what of somebody's word may stand in a sentence."""
    return "".join(filter(str.isprintable, text[:40]))


_WORDS = {*PURPOSES, *BASES, *Side, *Wall}


def _require_known_words(part: object) -> None:
    """Refuse a mistyped purpose: for Cedar it would be one that nobody ever has."""
    match part:
        case {"Value": str(word)} if word not in _WORDS:
            raise UsageInvalid("policy_word_unknown", word=_shown(word))
        case {"like": _}:  # a pattern may be mistyped as well, and no known word needs one
            raise UsageInvalid("policy_word_unknown", word="like")
        case dict():
            for inner in part.values():
                _require_known_words(inner)
        case list():
            for inner in part:
                _require_known_words(inner)


def _numbers(part: object) -> Iterator[int]:
    match part:
        case {"Value": int(number)} if not isinstance(number, bool):
            yield number
        case dict():
            for inner in part.values():
                yield from _numbers(inner)
        case list():
            for inner in part:
                yield from _numbers(inner)


def _rule(form: Mapping[str, Any]) -> Rule:
    notes, effect = form.get("annotations", {}), form["effect"]
    if not all(_NAME.fullmatch(notes.get(name) or "") for name in ("id", "reason")):
        raise UsageInvalid("policy_rule_unnamed")
    if not notes.keys() <= _NOTES[effect]:
        raise UsageInvalid("policy_note_unknown", rule=notes["id"])
    group = notes.get("minimum_group") or "0"
    if not (group.isascii() and group.isdigit() and len(group) <= _MOST_DIGITS and int(group) <= _MOST):
        raise UsageInvalid("policy_note_unknown", rule=notes["id"])
    obligations = Obligations(int(group), "mask" in notes)
    said = json.dumps({name: part for name, part in form.items() if name != "annotations"}, sort_keys=True)
    return Rule(
        notes["id"], effect, notes["reason"], obligations, "floor" in notes, said, frozenset(_numbers(form))
    )


def _position(name: str) -> int:
    return int(name.removeprefix("policy"))


def _is_long(value: object) -> bool:
    return type(value) is int and -_MOST <= value <= _MOST


def _require(given: Mapping[Any, Any], wrong: list[str]) -> None:
    """Refuse a request with fields that are `wrong`, or do not hold what they are to; name all of them."""
    bad = [name for name, holds in _HOLDS.items() if not holds(given.get(name))]
    if not (bad or wrong):
        return
    words = {"purpose": "purpose_unknown", "legal_basis": "basis_unknown"}
    if not wrong and len(bad) == 1 and bad[0] in words and bad[0] in given:
        raise Denied(words[bad[0]])
    raise Denied("request_field_invalid", field=", ".join([*bad, *wrong[:_MOST_UNKNOWN]]))


def _one_of(names: Container[str]) -> Callable[[object], bool]:
    return lambda value: type(value) is str and value in names


def _is(kind: type) -> Callable[[object], bool]:
    return lambda value: type(value) is kind


# What each field holds; nothing stands for one that is absent, but for a grant.
_HOLDS: Mapping[str, Callable[[object], bool]] = {
    "role": _one_of(ROLES),
    "output": _is(Output),
    "tier": _is(Tier),
    "purpose": _one_of(PURPOSES),
    "legal_basis": _one_of(BASES),
    "declared": _is(bool),
    "approved": _is(bool),
    "own": _is(bool),
    "inside": _is(bool),
    "people": _is_long,
    "home": _is(Wall),
    "now": _is_long,
    "grant": lambda value: value is None or _is_long(value),
}


def _named_as(kind: type[Output] | type[Tier] | type[Wall]) -> Callable[[object], object]:
    known = {name.value: name for name in kind}
    return lambda value: known.get(value) if isinstance(value, str) else None


_NAMED = {"output": _named_as(Output), "tier": _named_as(Tier), "home": _named_as(Wall)}
