"""The terminal: each command parses, calls one function and prints. Commands are imported only when they are called."""

import importlib
import os
import sys
from keyword import iskeyword

import click

from upheld import __version__
from upheld.errors import UnavailableError, UpheldError

# command → (module, one line of help); the order is the order of `upheld --help`
COMMANDS = {
    "judge": ("judge", "Judge one promise on report files, without any project."),
    "demo": ("demo", "See one promise predicted, tested, released and lived; then tighten it."),
    "init": ("definitions", "Start a project here; adopts what it finds, changes nothing."),
    "new": ("definitions", "Write a new requirement, decision, session, waiver, gate …"),
    "lint": ("definitions", "Check every definition; say what nobody can verify yet."),
    "ack": ("definitions", "Accept that the other end of a link has changed."),
    "import": ("exchange", "Bring requirements in from another tool; shows a plan first."),
    "export": ("exchange", "Carry changed requirements back into the document they came from."),
    "evidence": ("evidence", "Show what a reader sees in report files; record their subject."),
    "predict": ("predict", "Find out before building whether a promise can be kept."),
    "check": ("check", "Judge a gate on the evidence that is given."),
    "audit": ("audit", "Check what was signed: attestations offline, the trail of a server."),
    "sign": ("sign", "Sign a requirement, a decision or a gate off."),
    "offer": ("offer", "Turn the judge round: the tightest promise the evidence supports."),
    "learn": ("learn", "Hold decisions and risks against what was measured; find lessons."),
    "report": ("report", "Tell people: the pack of a weekly, monthly or quarterly design review."),
    "thread": ("thread", "Show every promise: agreed, predicted, tested, released, lived."),
    "completion": ("completion", "Print what a shell needs to complete commands and options."),
    "mcp": ("mcp", "Answer coding agents and editors about promises (MCP over stdio, read-only)."),
    "serve": ("serve", "Start the server: pages, API and audit trail for a team."),
    "worker": ("serve", "Do the server's periodic work in a process of its own."),
    "backup": ("backup", "Back the server up, restore it, and show by a drill that it comes back."),
    "account": ("account", "Make accounts of the server; the first administrator above all."),
}


CUT_OFF = 141  # as the shell says of a program whose reader went away


class Lazy(click.Group):
    """A group that imports a command's module when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of a reader's first day."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, from its module."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"upheld.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table, so that help imports none of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest command for one that does not exist."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches  # only for a typing mistake

            near = get_close_matches(args[0], COMMANDS, n=1)
            ctx.fail(f'No command "{args[0]}".' + (f" Did you mean {near[0]}?" if near else " See: upheld --help"))
        return super().resolve_command(ctx, args)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, "-V", "--version", package_name="upheld")
def cli() -> None:
    """Keep every customer requirement: predicted, tested, released, lived.

    A verdict is a function of a criterion and its evidence: met, not met, or inconclusive with its reason.

    \b
    Exit codes: 0 met, waived or not enforced · 1 not met · 2 usage or broken definition · 3 inconclusive
                4 signature or audit check failed · 5 store or network unavailable
    """  # noqa: D301  click reads a backspace as "keep these lines"


def main() -> None:
    """Run the command line; every error of ours becomes one message and its exit code."""
    out = sys.stdout
    status = _run()
    if sys.stdout is not out:  # click found the pipe closed and wrapped it; its exit code 1 would read as "not met"
        status = CUT_OFF
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # `upheld thread | head`: the reader has seen enough, the answer stands
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        _say(f"the answer could not be written: {error.strerror}")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = UnavailableError.exit_status
    sys.exit(status)


def _run() -> int:
    try:
        # https://no-color.org: set to anything, it takes the colours away
        answer = cli.main(standalone_mode=False, color=False if os.environ.get("NO_COLOR") else None)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        _say("stopped")
        return 130
    except UpheldError as error:
        fix = getattr(error, "fix", "")
        _say(error.message + (f"; {fix}" if fix else ""))
        return error.exit_status
    except BrokenPipeError:
        return 0
    except OSError as error:
        _say(f"{error.filename or 'the answer'}: {error.strerror}")
        return UnavailableError.exit_status
    return answer if isinstance(answer, int) else 0


def _say(message: str) -> None:
    click.echo(f"upheld: {message}", err=True)
