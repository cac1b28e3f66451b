"""`xinqiao node doctor`: what is unsafe at a department now, in plain words, and what to do."""

import argparse
import json
import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from xinqiao_app.commands.audit_log import printable, width_of
from xinqiao_app.commands.opening import opener
from xinqiao_governance.errors import Field, UsageInvalid, XinqiaoError
from xinqiao_governance.messages import MESSAGES, Language, explain, gaps, say, say_reason
from xinqiao_ledger.files import io_errors

if TYPE_CHECKING:
    from xinqiao_clients.checkup import Checkup, Finding

_WIDTH = 76
_MARKS = {"unsafe": "✗", "to_do": "•"}
_COMMAS = {"zh": "、", "en": ", "}
_UNIT = re.compile(r"(?:[^\s\u2e80-\uffef]+|[\u2e80-\uffef])[，。；：、？！）》」…]*|\s+")
_HOLE = re.compile(r"(?:^| )[A-Z:]{2,}(?: |$)")


def add_arguments(command: argparse.ArgumentParser, language: Language) -> None:
    """Describe the command."""
    about = say("cli_doctor_passphrase", language)
    command.add_argument("--passphrase-file", type=Path, help=about)
    command.add_argument("--pkcs11", type=Path, metavar="MODULE", help=say("cli_pkcs11", language))
    command.add_argument("--json", action="store_true", help=say("cli_json", language))


def run(options: argparse.Namespace, language: Language) -> int:
    """Return 0 where nothing unsafe was found, 1 where something was, 2 where nobody could look."""
    from xinqiao_clients.checkup import check_up

    asked = options.passphrase_file is not None or options.pkcs11 is not None
    try:
        with io_errors(options.home):
            found = check_up(options.home, opener(options, language) if asked else None)
    except XinqiaoError as error:
        raise UsageInvalid(error.code, **error.fields) from error  # 2, where 1 is something unsafe
    if options.json:
        print(json.dumps(found.to_json(), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_lines(found, options.home, language)))
    return 1 if found.of("unsafe") else 0


def _lines(found: "Checkup", home: Path, language: Language) -> Iterator[str]:
    """Yield narrow lines; a command stands alone and whole, ready to be copied."""
    unsafe, to_do = found.of("unsafe"), found.of("to_do")
    if unsafe or to_do:
        yield say("checkup_head", language, name=found.name, unsafe=len(unsafe), to_do=len(to_do))
    else:
        yield say("checkup_sound", language, name=found.name)
    for finding in (*unsafe, *to_do):
        yield ""
        yield from _finding_lines(finding, language)
    yield ""
    fine = _parts((finding.code for finding in found.of("fine")), language)
    if fine:
        yield from wrapped(f"✓ {say('checkup_fine', language, parts=fine)}", "  ")
    if found.unseen:
        yield from _unseen_lines(found, home, language)
    if any(_HOLE.search(command) for finding in found.findings for command in finding.commands):
        yield from wrapped(f"  {say('checkup_fill', language)}", "  ")


def _unseen_lines(found: "Checkup", home: Path, language: Language) -> Iterator[str]:
    parts = _parts((f"part_{name}" for name in found.unseen), language)
    yield from wrapped(f"- {say('checkup_unseen', language, parts=parts)}", "  ")
    if not found.opened:
        words = ["xinqiao", "node", "doctor", "--home", str(home), "--passphrase-file", "FILE"]
        yield from wrapped(f"  {say('checkup_unseen_do', language)}", "  ")
        yield f"    {shlex.join(words)}"


def _finding_lines(finding: "Finding", language: Language) -> Iterator[str]:
    code = f"checkup_{finding.code}"
    fields = {name: _shown(name, finding, language) for name in finding.fields}
    mark, kind = _MARKS[finding.severity], say(f"checkup_{finding.severity}", language)
    yield from wrapped(f"{mark} {kind}  {say(code, language, **fields)}", "  ")
    yield from wrapped(f"  {say(f'{code}_do', language)}", "  ")
    for command in finding.commands:
        yield f"    {command}"


def _shown(name: str, finding: "Finding", language: Language) -> Field:
    from xinqiao_clients.today import local_date, local_time

    value = finding.fields[name]
    if isinstance(value, int):
        if name in ("when", "newest"):
            return local_time(value)
        return local_date(value) if name == "day" else value
    return _why(finding, language) if name == "why" else printable(value)


def _why(finding: "Finding", language: Language) -> str:
    """Return the sentence of the code `why`; its gaps are other fields, where the finding knows them."""
    code = str(finding.fields["why"])
    if code in MESSAGES and gaps(code)[0] <= finding.fields.keys():
        return explain(UsageInvalid(code, **finding.fields), language)
    return say_reason(code, language)


def _parts(codes: Iterable[str], language: Language) -> str:
    return _COMMAS[language].join(say(f"checkup_{code}", language) for code in codes)


def wrapped(text: str, indent: str, width: int = _WIDTH) -> Iterator[str]:
    """Yield lines of at most `width` columns, those after the first behind `indent`.

    A line breaks at a space or beside a Chinese letter, never before closing punctuation.
    """
    line = ""
    for unit in _UNIT.findall(text):
        if line.strip() and width_of(line + unit.rstrip()) > width:
            yield line.rstrip()
            line = indent + unit.lstrip()
        else:
            line += unit
    yield line.rstrip()
