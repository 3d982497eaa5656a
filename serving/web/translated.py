"""The templates in one language: a sentence that is the same on every page is set when a template is read."""

from __future__ import annotations

from functools import cache
from operator import call
from pathlib import Path
from typing import Any, ClassVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes, select_autoescape
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer

from serving.batch_wording import batch_name
from serving.web.law_wording import (
    article_said,
    article_text,
    gate_said,
    grounds_said,
    mixed_said,
    pairing_said,
    reason_said,
    suggestion_said,
)
from serving.wording import LANGUAGES, Wording, wording

PLACE = Path(__file__).parents[1] / "templates"
SAID = (
    *(article_said, article_text, batch_name, gate_said),
    *(grounds_said, mixed_said, pairing_said, reason_said, suggestion_said),
)
"""What the law and batches are called in the reader's language, as filters."""


class _Straight(CodeGenerator):
    """Calls the wording, and formats texts, without asking whether they want the context: they never do."""

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        called = node.node
        owner = called.node if isinstance(called, nodes.Getattr) else called
        words = isinstance(owner, nodes.Name) and owner.name == "w"
        if forward_caller or not (words or isinstance(owner, nodes.Const)):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.write("environment.straight(")
        self.visit(called, frame)
        self.signature(node, frame)
        self.write(")")


class Translated(Environment):
    """Reads the product's templates in one language.

    A page of a case holds three hundred sentences, most of them the same for everybody: looked up and escaped
    once, they cost nothing later. What takes values is looked up as it is set.
    """

    code_generator_class = _Straight
    straight: ClassVar[Any] = call

    def __init__(self, words: Wording) -> None:
        # What lies in the package does not change while it runs: no template is looked after.
        super().__init__(
            loader=FileSystemLoader(PLACE),
            autoescape=select_autoescape(),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self.filters |= {each.__name__: each for each in SAID}
        self._setting = _Setting(words)

    def _generate(self, source: nodes.Template, *where: Any, **how: Any) -> str:  # noqa: ANN401 - passed on
        return super()._generate(self._setting.visit(source), *where, **how)


class _Setting(NodeTransformer):
    """Puts the sentence in the place of ``w("key")``; a key that is not in the catalogue stays a fault."""

    def __init__(self, words: Wording) -> None:
        self._words = words

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the name that Jinja looks for
        self.generic_visit(node)
        if not (isinstance(node.node, nodes.Name) and node.node.name == "w") or len(node.args) != 1:
            return node
        given, key = (node.kwargs, node.dyn_args, node.dyn_kwargs), node.args[0]
        if any(given) or not isinstance(key, nodes.Const) or key.value not in self._words.sentences:
            return node
        return nodes.Const(self._words(key.value), lineno=node.lineno)


@cache
def translated(language: str) -> Translated:
    """Return the templates in a language; in an unknown one they are Japanese."""
    return Translated(wording(language))


def read_all() -> None:
    """Read every template in both languages: nobody waits for a page that nobody opened before."""
    for language in LANGUAGES:
        templates = translated(language)
        for name in templates.list_templates():
            templates.get_template(name)
