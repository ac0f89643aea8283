"""The `hub` command: one word per task, each with the code of that task alone."""

import argparse
import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

from deploy.local.environment import SERVICES
from deploy.local.faults import LaunchFault
from deploy.local.files import DEFAULT_DATA_DIR
from deploy.local.ports import DEFAULT_BASE, Ports
from deploy.local.processes import die_with_launcher

#: Processes that are not services, and the module whose main() they run.
_OTHER_PROCESSES = {"reconciler": "shared.platform.reconciler", "receiver": "deploy.local.receiver"}


def main(arguments: list[str] | None = None) -> int:
    """Run one `hub` command and return its exit status: 0, or 1 with the reason on stderr."""
    # All a hub writes is for its owner alone: logs, keys, data.
    os.umask(0o077)
    words = sys.argv[1:] if arguments is None else arguments
    options = _parser(words).parse_args(words)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except LaunchFault as fault:
        print(f"hub: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _up(options: argparse.Namespace) -> int:
    from deploy.local.up import up

    return up(options.data, Ports(options.base_port), demo=options.demo, as_json=options.json)


def _serve(options: argparse.Namespace) -> int:
    die_with_launcher()
    if options.process in _OTHER_PROCESSES:
        importlib.import_module(_OTHER_PROCESSES[options.process]).main()
    else:
        importlib.import_module(f"services.{options.process}.__main__").main(options.only)
    return 0


def _migrate(options: argparse.Namespace) -> int:
    from deploy.local.migrating import migrate_command

    migrate_command(options.data)
    return 0


def _demo(options: argparse.Namespace) -> int:
    from deploy.local.demo import show_journey

    die_with_launcher()
    show_journey(options.data)
    return 0


def _staff_token(options: argparse.Namespace) -> int:
    from deploy.local.staff_token import staff_token

    print(staff_token(options.data, options.username))
    return 0


def _parser(words: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hub", description="Run a safeguarding hub.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    up = commands.add_parser("up", help="start everything on this machine and stay until Ctrl-C")
    up.add_argument("--demo", action="store_true", help="with invented agencies, people and a journey")
    up.add_argument(
        "--base-port", type=int, default=DEFAULT_BASE, metavar="N", help="first port (%(default)s)"
    )
    up.add_argument("--json", action="store_true", help="one line of JSON on stdout when ready")
    _with_data(up, _up)

    serve = commands.add_parser("serve", help="run one process of the hub, told all by its environment")
    serve.add_argument(
        "process", choices=(*SERVICES, *_OTHER_PROCESSES), metavar="SERVICE", help="%(choices)s"
    )
    serve.add_argument("--only", choices=("web", "worker"), help="half of a service; both unless told")
    serve.set_defaults(run=_serve)

    _with_data(commands.add_parser("migrate", help="bring roles and schema up to date"), _migrate)
    _with_data(commands.add_parser("demo", help="run the demo journey against the running hub"), _demo)

    if words[:1] == ["matching"]:
        # Its libraries take a while to load, and no other word needs them.
        from deploy.local.matching import add_matching

        add_matching(commands)
    else:
        commands.add_parser("matching", help="try or train how people are found to be known")

    if words[:1] == ["policy"]:
        from deploy.local.policy import add_policy

        add_policy(commands)
    else:
        commands.add_parser("policy", help="check a threshold policy, or try it on past children")

    token = commands.add_parser("staff-token", help="print a five-minute token of a demo person")
    token.add_argument("username")
    _with_data(token, _staff_token)
    return parser


def _with_data(command: argparse.ArgumentParser, run: Callable[[argparse.Namespace], int]) -> None:
    command.add_argument(
        "--data", type=Path, default=DEFAULT_DATA_DIR, metavar="DIR", help="data folder (./%(default)s)"
    )
    command.set_defaults(run=run)


if __name__ == "__main__":
    sys.exit(main())
