"""Kinds of click commands and arguments that `shutten` is built from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from importlib import import_module
from typing import Any

import click
from click.core import augment_usage_errors


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """Return a suggestion for a mistyped word in brackets, or "" when no name is similar."""
    from difflib import get_close_matches

    matches = get_close_matches(word, list(names), n=1)
    return f" (did you mean `{matches[0]}`?)" if matches else ""


class Argument(click.Argument):
    """A positional argument that has a line in the help text of its command.

    click offers this only from version 8.5 on.
    """

    def __init__(self, *args: Any, summary: str = "", **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.summary = summary


def _format_usage(
    command: click.Command, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    pieces = " ".join(command.collect_usage_pieces(ctx))
    formatter.write_usage(ctx.command_path, pieces, prefix="usage: ")


class Command(click.Command):
    """A command whose arguments may be texts that begin with a dash."""

    format_usage = _format_usage

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the lines of the arguments, then those of the options."""
        arguments = [param for param in self.params if isinstance(param, Argument)]
        if arguments:
            with formatter.section("Arguments"):
                formatter.write_dl([(each.human_readable_name, each.summary) for each in arguments])
        super().format_options(ctx, formatter)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the words of this command.

        click treats every word that begins with a dash as an option. Here, a word with blanks
        ("- 両省は一致した。 ...") and a negative number are text. An option that lacks its value
        is an error; it does not take the option behind it as its value.

        Raises:
            click.UsageError: An option does not exist or lacks its value.
        """
        takes_value = {
            name: not param.is_flag
            for param in self.get_params(ctx)
            if isinstance(param, click.Option)
            for name in param.opts
        }
        options: list[str] = []
        texts: list[str] = []
        words = iter(args)
        for word in words:
            name, equals, value = word.partition("=")
            if word == "--":
                texts.extend(words)
            elif not _is_option(word, takes_value):
                texts.append(word)
            elif equals and takes_value.get(name):
                options.extend([name, value])
            elif takes_value.get(word):
                options.extend(_with_value(word, next(words, None), takes_value, ctx))
            elif ctx.resilient_parsing or _has_known_name(word, takes_value):
                options.append(word)
            else:
                raise click.NoSuchOption(name, ctx=ctx)
        with augment_usage_errors(ctx):  # so that each error names this command
            return super().parse_args(ctx, [*options, "--", *texts])


def _has_known_name(word: str, names: Collection[str]) -> bool:
    """Return whether a word is `--name`, `--name=VALUE`, `-n` or `-nVALUE` of a known name."""
    return word.partition("=")[0] in names or word[:2] in names


def _is_option(word: str, names: Collection[str]) -> bool:
    if _has_known_name(word, names):
        return True
    is_number = word[1:].replace(".", "", 1).isdecimal()
    has_blank = any(character.isspace() for character in word)
    return word[:1] == "-" and word != "-" and not is_number and not has_blank


def _with_value(
    option: str, value: str | None, names: Collection[str], ctx: click.Context
) -> list[str]:
    """Return an option and its value; nothing while a shell completes a missing value."""
    if value is not None and not _is_option(value, names):
        return [option, value]
    if ctx.resilient_parsing:
        return []
    raise click.BadOptionUsage(option, f"Option '{option}' requires an argument.", ctx)


class Group(click.Group):
    """A group that lists its commands in their order and suggests a name for a mistyped one."""

    format_usage = _format_usage

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in the order in which they were given."""
        del ctx
        return list(self.commands)

    def summary(self, name: str) -> str:
        """Return the line of a command in the help text of this group."""
        return (self.commands[name].help or "").partition("\n")[0]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the names and the summaries of the commands."""
        with formatter.section(f"{self.subcommand_metavar.capitalize()}s"):
            formatter.write_dl([(name, self.summary(name)) for name in self.list_commands(ctx)])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the words of this group.

        Raises:
            click.UsageError: No command was given, or an option does not exist.
        """
        if not args and not ctx.resilient_parsing:
            raise click.UsageError(f"Missing argument '{self.subcommand_metavar}'.", ctx)
        with augment_usage_errors(ctx):
            return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first word names.

        Raises:
            click.UsageError: There is no such command; the message suggests a similar name.
        """
        if not ctx.resilient_parsing and self.get_command(ctx, args[0]) is None:
            suggestion = did_you_mean(args[0], self.list_commands(ctx))
            kind = self.subcommand_metavar.lower()
            raise click.UsageError(f"No such {kind} {args[0]!r}{suggestion}", ctx)
        return super().resolve_command(ctx, args)


class LazyGroup(Group):
    """A group that imports the module of a command only when that command is used.

    Args:
        modules: For each command the module, and the line that stands for it in the help text.
            The module defines the command under its own last name: `cli.commands.ask` defines
            `ask`.
    """

    def __init__(self, *args: Any, modules: Mapping[str, tuple[str, str]], **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, whether or not they are imported."""
        del ctx
        return list(self._modules)

    def summary(self, name: str) -> str:
        """Return the line of a command in the help text of this group."""
        return self._modules[name][1]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        del ctx
        if cmd_name not in self._modules:
            return None
        module, _ = self._modules[cmd_name]
        command: click.Command = getattr(import_module(module), module.rpartition(".")[2])
        return command


class DefaultGroup(Group):
    """A group that runs a default command when the first word names none of its commands.

    Args:
        default: The default command. Its usage and its errors name the group alone.
    """

    def __init__(self, *args: Any, default: click.Command, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._default = default

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Return the context of this group or, without a command's name, of the default."""
        if args and args[0] in self.commands:
            return super().make_context(info_name, args, parent, **extra)
        return self._default.make_context(info_name, args, parent, **extra)
