"""The working folder as one command sees it: settings, files, configuration, inputs.

What a command does not use is not imported.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mooring.cli.command import Call
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, has_errors
from mooring.sdk.registry import Registry

if TYPE_CHECKING:
    from mooring.config.evaluation import Configuration
    from mooring.config.files import FileReader
    from mooring.config.graph import StaticGraph
    from mooring.config.inputs import Inputs, VarOption
    from mooring.config.loading import Loader
    from mooring.config.model import Module, Settings, Variable
    from mooring.config.scopes import Surroundings
    from mooring.core.values import Value

DEFAULT_WORKSPACE: Final = "default"
_WITHOUT_FILES: Final = frozenset({"console", "destroy", "graph", "providers schema", "refresh", "validate"})
_OFF: Final = frozenset({"0", "false", "False", "FALSE"})


class WorkingFolder:
    """What a configuration is read from and evaluated with. Mutable only in that it keeps what it has made.

    `sources` are the configuration's files, if they are not those of the working folder.
    """

    def __init__(self, call: Call, sources: FileReader | None = None) -> None:
        self.call: Final = call
        self._given_sources: Final = sources
        self.environment: Final = call.environment
        self.terminal: Final = call.terminal
        self._graph: tuple[Module, StaticGraph] | None = None

    # -- settings --------------------------------------------------------------------------------

    @property
    def data_folder(self) -> str:
        """Where `.terraform/` is."""
        return self.environment.get("TF_DATA_DIR") or ".terraform"

    @cached_property
    def workspace(self) -> str:
        """The selected workspace: of the environment, or as `workspace select` has written it down."""
        chosen = self.environment.get("TF_WORKSPACE")
        if chosen:
            return chosen
        try:
            return Path(self.data_folder, "environment").read_text("utf-8").strip() or DEFAULT_WORKSPACE
        except OSError:
            return DEFAULT_WORKSPACE

    @property
    def may_ask(self) -> bool:
        """Whether questions are allowed."""
        default = self.environment.get("TF_INPUT", "") not in _OFF
        return self.call.arguments.is_on("input", default=default)

    @cached_property
    def files(self) -> FileReader:
        """The files of the working folder."""
        from mooring.config.files import DiskFiles

        return DiskFiles()

    @cached_property
    def registry(self) -> Registry:
        """The providers of this machine."""
        return Registry()

    # -- configuration ---------------------------------------------------------------------------

    def load(self) -> tuple[Module | None, Diagnostics]:
        """The module tree of the working folder, and what is wrong with its files."""
        return self._loaded

    @cached_property
    def _loaded(self) -> tuple[Module | None, Diagnostics]:
        names = self._sources.names(".") or ()
        if not self._can_be_empty and not any(name.endswith((".tf", ".tf.json")) for name in names):
            return None, (_no_configuration(),)
        return self._loader.tree

    @property
    def tree(self) -> tuple[Module | None, Diagnostics]:
        """The same for commands that make sense without any configuration."""
        return self._loader.tree

    @cached_property
    def _loader(self) -> Loader:
        from mooring.config.loading import Loader

        known, data_folder = self.registry.bundled(), self.data_folder
        return Loader(".", files=self._sources, known=known, data_folder=data_folder)

    @property
    def root(self) -> tuple[Module | None, Diagnostics]:
        """The root module alone, without the modules that it calls."""
        return self._loader.root

    @property
    def _sources(self) -> FileReader:
        return self._given_sources or self.files

    @property
    def _can_be_empty(self) -> bool:
        """Whether the command makes sense in a folder without any configuration."""
        return self.call.name in _WITHOUT_FILES or self.call.arguments.is_on("destroy")

    def load_from(self, files: FileReader) -> tuple[Module | None, Diagnostics]:
        """The same from files elsewhere: a saved plan brings its own."""
        from mooring.config.loading import load_configuration

        return load_configuration(
            ".", files=files, known=self.registry.bundled(), data_folder=self.data_folder
        )

    @cached_property
    def settings(self) -> tuple[Settings, Diagnostics]:
        """What the `*.moor.hcl` files of the working folder say, and what is wrong with them."""
        from mooring.config.moor_files import load_settings

        return load_settings(".", self.files)

    def inputs(self, module: Module) -> tuple[Mapping[str, Value], Diagnostics]:
        """The values of the root variables; asks for those that are missing, if it may."""
        from mooring.config.inputs import collect_inputs, missing_values

        found, diags = self.inputs_as_given(module)
        if not found.missing or has_errors(diags):
            return found.values, diags
        answers = self._ask_for(found.missing) if self.may_ask else {}
        options = self.variable_options()
        found, diags = collect_inputs(
            module, files=self.files, environment=self.environment, options=options, answers=answers
        )
        return found.values, (*diags, *missing_values(found.missing))

    def inputs_as_given(self, module: Module) -> tuple[Inputs, Diagnostics]:
        """The values of the root variables that were set, whether or not some are missing. Asks nobody."""
        from mooring.config.inputs import collect_inputs

        options = self.variable_options()
        return collect_inputs(module, files=self.files, environment=self.environment, options=options)

    def variable_options(self) -> tuple[VarOption, ...]:
        """What `-var` and `-var-file` say, in their order."""
        from mooring.config.inputs import VarOption

        return tuple(
            VarOption(text=value, is_file=name == "var-file")
            for name, value in self.call.arguments.given
            if name in {"var", "var-file"}
        )

    def _ask_for(self, missing: tuple[Variable, ...]) -> dict[str, str]:
        answers: dict[str, str] = {}
        for variable in missing:
            description = f"  {variable.description}\n\n" if variable.description else ""
            answer = self.terminal.ask(f"var.{variable.name}\n{description}  Enter a value: ")
            if answer is None:
                break
            self.terminal.write("\n")
            answers[variable.name] = answer
        return answers

    def graph(self, module: Module) -> StaticGraph:
        """What refers to what in a module tree; built once."""
        from mooring.config.graph import build_graph

        if self._graph is None or self._graph[0] is not module:
            self._graph = module, build_graph(module)
        return self._graph[1]

    def configuration(self, module: Module, inputs: Mapping[str, Value]) -> Configuration:
        """The module tree with all that its evaluation depends on."""
        from mooring.config.evaluation import Configuration

        graph = self.graph(module)
        return Configuration(root=module, inputs=inputs, surroundings=self.surroundings, graph=graph)

    @property
    def surroundings(self) -> Surroundings:
        """What a configuration can see of the world."""
        from mooring.config.scopes import Surroundings
        from mooring.lang.functions import Library, Outside

        outside = Outside(
            base_folder=".",
            home_folder=self.environment.get("HOME"),
            now=self.call.clock,
            plan_time=self.call.clock(),
            random_bytes=os.urandom,
        )
        return Surroundings(
            functions=Library(outside),
            root_folder=".",
            working_folder=self.call.original_folder,
            workspace=self.workspace,
        )


def _no_configuration() -> Diagnostic:
    return error(
        "No configuration files",
        "This folder has no configuration: no file whose name ends in .tf or .tf.json. Without one, "
        "everything that was created would count as unwanted. Write one, or name another folder with "
        '-chdir=DIR before the command. To destroy everything on purpose, use "moor destroy".',
    )
