"""A body whose expressions have been worked out in another scope than the one that will read it.

Provider blocks of test files speak of the test's variables and runs, and are read by a planner that knows the
module under test.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.records import replace
from mooring.core.spans import Span
from mooring.lang.evaluation import evaluate
from mooring.lang.scope import Scope
from mooring.syntax.body import Attribute, Block, Body, Content, Names
from mooring.syntax.nodes import Literal


class WorkedOutBody:
    """Reads as the body it is made of, with constants for expressions."""

    def __init__(self, body: Body, scope: Scope) -> None:
        self._body: Final = body
        self._scope: Final = scope

    @property
    def missing_item(self) -> Span:
        """Where to point when something required is not there."""
        return self._body.missing_item

    def content(self, names: Names) -> tuple[Content, Diagnostics]:
        """The named content; anything else: diagnostics."""
        content, diags = self._body.content(names)
        found, problems = self._worked_out(content)
        return found, (*diags, *problems)

    def partial(self, names: Names) -> tuple[Content, Body, Diagnostics]:
        """The named content, and a body with what was not named."""
        content, rest, diags = self._body.partial(names)
        found, problems = self._worked_out(content)
        return found, WorkedOutBody(rest, self._scope), (*diags, *problems)

    def just_attributes(self, *, verbatim: bool = False) -> tuple[Mapping[str, Attribute], Diagnostics]:
        """Everything as attributes; a block is a diagnostic."""
        attributes, diags = self._body.just_attributes(verbatim=verbatim)
        found, problems = self._constants(attributes)
        return found, (*diags, *problems)

    def _worked_out(self, content: Content) -> tuple[Content, Diagnostics]:
        attributes, diags = self._constants(content.attributes)
        blocks = tuple(self._inside(block) for block in content.blocks)
        return Content(attributes, blocks, content.missing_item), diags

    def _inside(self, block: Block) -> Block:
        return replace(block, body=WorkedOutBody(block.body, self._scope))

    def _constants(self, attributes: Mapping[str, Attribute]) -> tuple[dict[str, Attribute], Diagnostics]:
        found: list[Diagnostic] = []
        constants: dict[str, Attribute] = {}
        for name, attribute in attributes.items():
            value, diags = evaluate(attribute.expression, self._scope)
            found += diags
            constants[name] = replace(attribute, expression=Literal(value, attribute.expression.span))
        return constants, tuple(found)
