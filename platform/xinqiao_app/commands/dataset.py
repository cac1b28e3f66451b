"""`xinqiao node import`, `confirm`, `catalogue` and `refresh`: from a source to confirmed, published columns.

And `xinqiao job catalogue`, by which the centre reads what a department published.
"""

import argparse
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from xinqiao_app.commands.arguments import (
    DELTA,
    EPSILON,
    add_header,
    add_part,
    column_name,
    count,
    deliver,
    exact,
    read_as,
    source_of,
)
from xinqiao_app.commands.opening import opened
from xinqiao_governance.canonical import Json, dumps
from xinqiao_governance.catalogue import NationalGrade, Tier
from xinqiao_governance.errors import ProofError, UsageInvalid
from xinqiao_governance.messages import Language, say
from xinqiao_governance.parse import objects

if TYPE_CHECKING:
    from xinqiao_clients.adopted import Adopted
    from xinqiao_clients.confirming import Bins
    from xinqiao_clients.home import Home
    from xinqiao_clients.loading import Given
    from xinqiao_governance.grading import Grade
    from xinqiao_governance.order import Spend


_MOST_HOURS = 87_600  # ten years
_COMMA = re.compile("[,，、]")
_GRADES: dict[str, NationalGrade] = {"general": "一般数据", "important": "重要数据", "core": "核心数据"}


def add_import_arguments(load: argparse.ArgumentParser, language: Language) -> None:
    """Describe `import`."""
    load.add_argument("--data", required=True, metavar="FILE|URL", help=say("cli_data", language))
    add_part(load, language)
    add_header(load, language)
    load.add_argument("--catalogue", type=Path, help=say("cli_catalogue", language))
    load.add_argument("--contract", type=Path, help=say("cli_contract", language))
    load.add_argument("--dataset", metavar="ID", help=say("cli_dataset", language))
    load.add_argument("--person", type=column_name, metavar="COLUMN", help=say("cli_person", language))
    load.add_argument("--purpose", action="append", default=[], help=say("cli_dataset_purpose", language))
    load.add_argument("--epsilon-cap", help=say("cli_epsilon_cap", language))
    load.add_argument("--delta-cap", help=say("cli_delta_cap", language))
    load.add_argument("--period", help=say("cli_period", language))
    load.add_argument("--epsilon-year", help=say("cli_epsilon_year", language))
    load.add_argument("--delta-year", help=say("cli_delta_year", language))
    load.add_argument("--every", type=_hours, metavar="HOURS", help=say("cli_every", language))
    _add_json(load, language)


def _hours(text: str) -> int:
    hours = count(text)
    if hours > _MOST_HOURS:
        raise UsageInvalid("every_invalid", count=_MOST_HOURS)
    return hours


def add_confirm_arguments(confirm: argparse.ArgumentParser, language: Language) -> None:
    """Describe what `confirm` does with columns."""
    confirm.add_argument("--dataset", metavar="ID", help=say("cli_confirm_dataset", language))
    confirm.add_argument("--column", metavar="NAME", help=say("cli_confirm_column", language))
    confirm.add_argument("--all", action="store_true", help=say("cli_confirm_all", language))
    confirm.add_argument("--semantic", help=say("cli_confirm_semantic", language))
    confirm.add_argument(
        "--tier", choices=[tier.value for tier in Tier], help=say("cli_confirm_tier", language)
    )
    confirm.add_argument("--national-grade", choices=[*_GRADES], help=say("cli_confirm_grade", language))
    bins = confirm.add_mutually_exclusive_group()
    bins.add_argument("--bins", metavar="LIST", type=_typed_bins, help=say("cli_confirm_bins", language))
    bins.add_argument("--bins-file", metavar="FILE", type=Path, help=say("cli_confirm_bins_file", language))
    _add_json(confirm, language)


def add_catalogue_arguments(catalogue: argparse.ArgumentParser, language: Language) -> None:
    """Describe `catalogue`."""
    catalogue.add_argument("--publish", action="store_true", help=say("cli_publish", language))
    catalogue.add_argument("--out", type=Path, help=say("cli_out", language))
    _add_json(catalogue, language)


def add_refresh_arguments(refresh: argparse.ArgumentParser, language: Language) -> None:
    """Describe `refresh`."""
    refresh.add_argument("--now", action="store_true", help=say("cli_refresh_now", language))
    refresh.add_argument("--stop", action="store_true", help=say("cli_refresh_stop", language))
    _add_json(refresh, language)


def add_published_arguments(catalogue: argparse.ArgumentParser, language: Language) -> None:
    """Describe `job catalogue`."""
    catalogue.add_argument("published", type=Path, help=say("cli_published", language))
    catalogue.add_argument("--department", type=Path, required=True, help=say("cli_card", language))
    _add_json(catalogue, language)


def load(options: argparse.Namespace, language: Language) -> int:
    """Import a table from its source; what is not stated is proposed, and waits for a person."""
    from xinqiao_clients.home import read_settings
    from xinqiao_clients.loading import Budget
    from xinqiao_clients.loading import load as load_table
    from xinqiao_clients.refreshing import by_hand, remember
    from xinqiao_clients.sources import read_table

    settings = read_settings(options.home)
    cap = _spend(options.epsilon_cap, options.delta_cap, "cap_incomplete")
    year_cap = _spend(options.epsilon_year, options.delta_year, "year_cap_incomplete")
    given = _given(options, settings.name)
    source = source_of(options.data, options)
    table = read_table(source)
    if options.no_header:
        table = table.without_header()
    with opened(options, language) as home, by_hand(home):
        budget = Budget(cap or _standing_cap(home, options.period), options.period, year_cap)
        adopted = load_table(home, table, given, budget, options.steward)
        if options.every is not None:
            remember(home, source, options.every, table, no_header=options.no_header)
    _show_import(adopted, language, as_json=options.json)
    return 0


def confirm(options: argparse.Namespace, language: Language) -> int:
    """Confirm one column, or all that the classifier is sure of."""
    from xinqiao_clients.confirming import confirm_column, confirm_proposed
    from xinqiao_governance.model_spec import feature_from_json

    said = (options.semantic, options.tier, options.national_grade, options.bins, options.bins_file)
    if options.dataset is None or options.all == (options.column is not None) or (options.all and any(said)):
        raise UsageInvalid("confirm_unclear")
    bins = options.bins if options.bins_file is None else read_as(options.bins_file, feature_from_json)
    with opened(options, language) as home:
        if options.all:
            done = confirm_proposed(home, options.dataset, options.steward)
        else:
            grade = confirm_column(
                home,
                options.dataset,
                options.column,
                options.steward,
                semantic=options.semantic,
                tier=None if options.tier is None else Tier(options.tier),
                national_grade=None if options.national_grade is None else _GRADES[options.national_grade],
                bins=bins,
            )
            done = (grade,)
        adopted = home.adopted
    if options.json:
        _print_json(_grades_json(adopted, done))
    else:
        print("\n".join([*_confirmed_lines(adopted, done, language), *_waiting_lines(adopted, language)]))
    return 0


def catalogue(options: argparse.Namespace, language: Language) -> int:
    """Show what columns are and what waits; with `--publish`, give out what may leave, signed."""
    from xinqiao_clients.inventory import inventory, publish

    with opened(options, language) as home:
        if options.publish:
            signed = publish(home)
            deliver(dumps(signed.to_json()).decode(), options.out)
            if options.out is not None and not options.json:
                count = len(objects(signed.body.catalogue, "columns"))
                print(say("published_written", language, path=options.out, count=count))
            return 0
        found = inventory(home)
    plain = json.dumps(found.to_json(), ensure_ascii=False, indent=1)
    shown = plain if options.json else "\n".join(found.lines(language))
    if options.out is None:
        print(shown)
    else:
        deliver(shown, options.out)
    return 0


def refresh(options: argparse.Namespace, language: Language) -> int:
    """Read the recorded source again if it is due; for a scheduler to call as often as it likes."""
    from xinqiao_clients.refreshing import refresh as refresh_home
    from xinqiao_clients.refreshing import stop
    from xinqiao_clients.today import local_time

    with opened(options, language) as home:
        if options.stop:
            state = "stopped" if stop(home) else "none"
            said: dict[str, Json] = {"state": state}
            lines = [say(f"refresh_{state}", language)]
        else:
            state, schedule, adopted = refresh_home(home, options.steward, now=options.now)
            said = {"state": state, "due": schedule.due, "number": adopted.number}
            due = local_time(schedule.due)
            lines = [say(f"refresh_{state}", language, due=due, number=adopted.number)]
            lines += _waiting_lines(adopted, language)
    if options.json:
        _print_json(said)
    else:
        print("\n".join(lines))
    return 0


def published(options: argparse.Namespace, language: Language) -> int:
    """Check whose published catalogue this is, and show it."""
    from xinqiao_app.commands.cards import DepartmentCard, read_card
    from xinqiao_governance.publication import Publication
    from xinqiao_governance.signed import Signed
    from xinqiao_ledger.signing import check

    card = read_card(options.department, DepartmentCard)
    signed = read_as(options.published, lambda value: Signed.parse(value, Publication))
    body = check(signed, card.fingerprint)
    if body.node != card.fingerprint:
        raise ProofError("signer_differs")
    if options.json:
        _print_json(body.to_json())
        return 0
    columns = objects(body.catalogue, "columns")
    print(say("published_head", language, name=card.name, count=len(columns)))
    for column in columns:
        print(f"  {_published_line(column, language)}")
    return 0


def _published_line(column: Mapping[str, Json], language: Language) -> str:
    from xinqiao_clients.inventory import bins_line, meaning
    from xinqiao_governance.model_spec import feature_from_json

    bins = column["bins"]
    return say(
        "published_column",
        language,
        semantic=meaning(str(column["semantic"]), language),
        kind=say(f"catalogue_kind_{column['kind']}", language),
        tier=say(f"grade_tier_{column['tier']}", language),
        bins=bins_line(None if bins is None else feature_from_json(bins), language),
    )


def _add_json(command: argparse.ArgumentParser, language: Language) -> None:
    command.add_argument("--json", action="store_true", help=say("cli_json", language))


def _given(options: argparse.Namespace, owner: str) -> "Given":
    from xinqiao_clients.drafts import Wish
    from xinqiao_clients.importer import read_contract
    from xinqiao_clients.loading import Given
    from xinqiao_governance.catalogue import Dataset, require_dataset_id

    dataset = None if options.catalogue is None else read_as(options.catalogue, Dataset.from_json)
    if dataset is None and options.dataset is None:
        raise UsageInvalid("import_dataset_needed")
    if dataset is not None and (options.person or options.purpose or options.dataset or options.no_header):
        raise UsageInvalid("import_catalogue_says")
    name = dataset.dataset_id if dataset else require_dataset_id(options.dataset)
    contract = None if options.contract is None else read_contract(options.contract)[1]
    wish = Wish(name, owner, options.person, tuple(options.purpose))
    return Given(wish, dataset, contract, named=options.header or options.no_header)


def _typed_bins(text: str) -> "Bins":
    """Return what was typed after `--bins`; a list is cut at commas, Chinese ones, too."""
    if text == "shared":
        return "shared"
    if text == "none":
        return "none"
    return tuple(part.strip() for part in _COMMA.split(text))


def _spend(epsilon: str | None, delta: str | None, incomplete: str) -> "Spend | None":
    from xinqiao_governance.order import Spend

    if epsilon is None and delta is None:
        return None
    if epsilon is None or delta is None:
        raise UsageInvalid(incomplete)
    return Spend(exact(epsilon, EPSILON), exact(delta, DELTA))


def _standing_cap(home: "Home", period: str | None) -> "Spend":
    """Return the cap that stands; the first import of a period must state one."""
    dataset = home.book.capped_dataset()
    cap = home.book.cap(dataset, period or home.book.open_period(dataset)) if dataset else None
    if cap is None:
        raise UsageInvalid("cap_needed")
    return cap


def _show_import(adopted: "Adopted", language: Language, *, as_json: bool) -> None:
    version = adopted.version
    if as_json:
        said: dict[str, Json] = {
            "number": adopted.number,
            "rows": version.rows,
            "digest": version.digest.hex(),
        }
        _print_json({**said, **_grades_json(adopted, adopted.grades)})
        return
    columns = len(adopted.dataset.columns)
    print(say("node_imported", language, rows=version.rows, columns=columns, number=adopted.number))
    for line in _waiting_lines(adopted, language):
        print(line)


def _grades_json(adopted: "Adopted", grades: "Iterable[Grade]") -> dict[str, Json]:
    from xinqiao_clients.inventory import grade_json

    dataset = adopted.dataset
    columns: list[Json] = [grade_json(dataset.column(grade.column), grade) for grade in grades]
    return {"dataset": dataset.dataset_id, "columns": columns}


def _confirmed_lines(adopted: "Adopted", done: "Iterable[Grade]", language: Language) -> list[str]:
    from xinqiao_clients.inventory import bins_line, meaning, request_lines
    from xinqiao_governance.semantics import SEMANTICS

    lines = []
    for grade in done:
        if grade.request is not None:
            lines += [*request_lines(grade.request, language), say("confirm_second", language)]
        else:
            tier = say(f"grade_tier_{grade.said.tier}", language)
            said = {"semantic": meaning(grade.said.semantic, language), "tier": tier}
            lines.append(say("confirm_done", language, column=grade.column, **said))
            bins = adopted.dataset.column(grade.column).bins
            if bins is not None:
                lines.append(f"  {bins_line(bins, language)}")
            elif grade.said.semantic not in SEMANTICS or SEMANTICS[grade.said.semantic].can_be_feature:
                lines.append(f"  {say('bins_hint', language)}")
    return lines or [say("confirm_nothing", language)]


def _waiting_lines(adopted: "Adopted", language: Language) -> list[str]:
    unconfirmed = [grade.column for grade in adopted.grades if not grade.confirmed_by]
    requests = sum(grade.request is not None for grade in adopted.grades)
    lines = []
    if unconfirmed:
        lines.append(say("status_unconfirmed", language, count=len(unconfirmed)))
    if requests:
        lines.append(say("status_lowerings", language, count=requests))
    return lines


def _print_json(value: Json) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))
