"""Misuse: a command that was typed in a way that cannot be read, told in Japanese and in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typer.exceptions import TyperException

INTERRUPTED = "中断しました。 / Interrupted."

_JAPANESE = {
    "MissingParameter": "{what}が指定されていません。",
    "NoSuchOption": "{what}というオプションはありません。",
    "BadParameter": "{what}に指定した値が正しくありません。",
    "BadOptionUsage": "{what}の値の書き方が正しくありません。",
}
"""A sentence for each kind of error. The library tells its kinds by classes that it does not publish, so by
name: one that it renames or adds gets ``_ANY``."""

_ANY = "コマンドの書き方が正しくありません。"


def told_misuse(error: TyperException) -> str:
    """Return what is wrong and where help is, one language a line, then the usage.

    What typer itself says is the English line. Help that is shown for want of arguments is returned as it is.
    """
    english, context = error.format_message(), getattr(error, "ctx", None)
    if context is None:
        return f"{_japanese(error)}\n{english}"
    if english == context.get_help():
        return english
    asked = f"{context.command_path} --help"
    return "\n".join(
        (
            f"{_japanese(error)}使い方は {asked} で確かめてください。",
            f"{english} (Help: {asked})",
            f"使い方 / {context.get_usage()}",
        )
    )


def _japanese(error: TyperException) -> str:
    what = _what(error)
    return _JAPANESE.get(type(error).__name__, _ANY).format(what=what) if what else _ANY


def _what(error: TyperException) -> str:
    """Return the option or argument that an error is about, "" where it names none."""
    option = getattr(error, "option_name", "")
    if option:
        return f"「{option}」"
    parameter = getattr(error, "param", None)
    if parameter is None:
        return ""
    if parameter.param_type_name == "argument":
        return f"引数「{parameter.name}」"
    return f"オプション「{' / '.join(parameter.opts)}」"
