"""Opening a home: whose slot of the key file, and by a passphrase or by a PKCS#11 token."""

import argparse
import logging
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from xinqiao_app.commands.arguments import read_text
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.messages import Language, say

if TYPE_CHECKING:
    from xinqiao_clients.home import Home
    from xinqiao_clients.providers import KeyProvider

FIRST_STEWARD = "steward"
_OTHERS = 0o077
_log = logging.getLogger(__name__)


def add_opening(command: argparse.ArgumentParser, language: Language) -> None:
    """Let `command` be told what opens the home."""
    command.add_argument("--passphrase-file", type=Path, help=say("cli_passphrase", language))
    command.add_argument("--pkcs11", type=Path, metavar="MODULE", help=say("cli_pkcs11", language))


def add_steward(command: argparse.ArgumentParser, language: Language) -> None:
    """Let `command` be told who acts: by whose slot the home is opened."""
    command.add_argument("--steward", metavar="NAME", help=say("cli_steward", language))


@contextmanager
def opened(options: argparse.Namespace, language: Language) -> Iterator["Home"]:
    """Open the home that the options name, by the slot of the steward whom they name.

    Where they name nobody, `options.steward` becomes whoever's slot it opened.
    """
    from xinqiao_clients.home import Home, read_settings

    read_settings(options.home)  # before anyone types a passphrase for nothing
    home = Home.open(options.home, opener(options, language), steward=getattr(options, "steward", None))
    try:
        options.steward = home.key_file.steward
        yield home
    finally:
        home.close()


def forbid_core_dumps() -> None:
    """From now on no crash writes this process's memory, with its keys, to a disk. Windows writes none."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def opener(options: argparse.Namespace, language: Language) -> "str | KeyProvider":
    """Return the passphrase, or the provider of a token whose PIN was given in its place."""
    forbid_core_dumps()
    secret = passphrase(options.passphrase_file, language)
    if getattr(options, "pkcs11", None) is None:
        return secret
    from xinqiao_clients.providers import TokenProvider

    return TokenProvider(options.pkcs11, secret)


def new_opener(
    file: Path | None, module: Path | None, token: str | None, language: Language
) -> "str | KeyProvider":
    """Return what shall open one more slot: a new passphrase, or a key that the token is to make."""
    if module is None:
        return new_passphrase(file, language, "keys_new_passphrase")
    from xinqiao_clients.providers import TokenProvider

    return TokenProvider(module, passphrase(file, language, "keys_new_pin"), token)


def passphrase(file: Path | None, language: Language, prompt: str = "node_passphrase_prompt") -> str:
    """Read a secret from a file, a pipe or the keyboard: never from an argument or the environment."""
    if file is not None:
        _warn_if_open(file)
        return read_text(file).rstrip("\r\n")
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return getpass(say(prompt, language))


def _warn_if_open(file: Path) -> None:
    """Say so where others on this machine may read or replace a secret's file; a pipe is nobody else's."""
    with suppress(OSError):  # reading it will say what is wrong
        mode = file.stat().st_mode
        if stat.S_ISREG(mode) and mode & _OTHERS:
            _log.warning("passphrase_file_open", {"path": str(file)})


def new_passphrase(file: Path | None, language: Language, prompt: str = "node_passphrase_prompt") -> str:
    """Read a secret that will be needed again: what is typed blindly is typed twice."""
    first = passphrase(file, language, prompt)
    typed = file is None and sys.stdin.isatty()
    if typed and getpass(say("node_passphrase_again", language)) != first:
        raise UsageInvalid("passphrase_differs")
    return first
