"""The world of one command, wired once: files, environment, clock, providers, configuration, inputs, state.

Everything that has an effect enters the engine here, as a parameter. What a command does not use is not
imported.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mooring.cli.command import Call, Stopped
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, has_errors
from mooring.sdk.registry import Registry

if TYPE_CHECKING:
    from mooring.cli.backends import Place
    from mooring.cli.encryption import Sealings
    from mooring.config.evaluation import Configuration
    from mooring.config.files import FileReader
    from mooring.config.graph import StaticGraph
    from mooring.config.inputs import Inputs, VarOption
    from mooring.config.loading import Loader
    from mooring.config.model import Backend, Module, Settings, Variable
    from mooring.config.scopes import Surroundings
    from mooring.core.values import Value
    from mooring.planning.providers import Providers, StandIn
    from mooring.state.backends.model import States
    from mooring.state.journalled import JournalledStore
    from mooring.state.sealing import Sealing

DEFAULT_WORKSPACE: Final = "default"
_WITHOUT_FILES: Final = frozenset({"console", "destroy", "graph", "providers schema", "refresh", "validate"})
_OFF: Final = frozenset({"0", "false", "False", "FALSE"})


class Session:
    """What one command works with. Mutable only in that it keeps what it has made.

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

    def providers(
        self, *, read_only: bool, data_folder: str | None = None, stand_in: StandIn | None = None
    ) -> Providers:
        """The providers for one run; the caller closes them.

        What they keep in `.terraform/` is in `data_folder` instead, if one is given.
        """
        from mooring.planning.providers import Providers

        moved = {} if data_folder is None else {"TF_DATA_DIR": data_folder}

        return Providers(
            self.registry.find,
            working_folder=str(Path.cwd()),
            environment={**self.environment, **moved},
            read_only=read_only,
            stand_in=stand_in,
            sealing_for=self._sealing_for,
        )

    # -- state -----------------------------------------------------------------------------------

    @property
    def backend(self) -> Backend | None:
        """The backend block of the root module."""
        module, _ = self._loader.root
        return None if module is None else module.backend

    @cached_property
    def _located(self) -> tuple[Place, Diagnostics]:
        from mooring.cli.backends import Place, current_place, read_record

        _, diags = self._loader.root
        if has_errors(diags):
            return Place(), diags
        return current_place(self.backend, read_record(self.data_folder))

    @cached_property
    def _opened(self) -> tuple[States | None, Diagnostics]:
        from mooring.cli.places import open_place

        place, diags = self._located
        if has_errors(diags):
            return None, diags
        states = open_place(self, place)
        return (None, states) if isinstance(states, tuple) else (states, diags)

    @property
    def backend_problems(self) -> Diagnostics:
        """Why the state cannot be found: the root module cannot be read, or `init` must be run first."""
        return self._opened[1]

    @property
    def place(self) -> Place:
        """Where the states are kept. Raises `Stopped` after telling why that cannot be said."""
        place, diags = self._located
        if has_errors(diags):
            self.terminal.tell(diags)
            raise Stopped
        return place

    @property
    def states(self) -> States:
        """The states of all workspaces. Raises `Stopped` after telling why they cannot be reached."""
        states, diags = self._opened
        if states is None:
            self.terminal.tell(diags)
            raise Stopped
        return states

    @cached_property
    def _sealings(self) -> tuple[Sealings, Diagnostics]:
        from mooring.cli.encryption import open_sealings

        return open_sealings(self)

    @property
    def encryption_problems(self) -> Diagnostics:
        """What is wrong with the encryption of states and plans."""
        return self._sealings[1]

    @property
    def sealings(self) -> Sealings:
        """What states and plans are sealed with. Raises `Stopped` after telling why that cannot be said."""
        sealings, diags = self._sealings
        if has_errors(diags):
            self.terminal.tell(diags)
            raise Stopped
        return sealings

    def _sealing_for(self, name: str) -> Sealing:
        return self.sealings.remote(name)

    def store(self) -> JournalledStore:
        """The state of the selected workspace, or what `-state`, `-state-out` and `-backup` make of it."""
        from mooring.cli.stores import open_store

        return open_store(self)


def _no_configuration() -> Diagnostic:
    return error(
        "No configuration files",
        "This folder has no configuration: no file whose name ends in .tf or .tf.json. Without one, "
        "everything that was created would count as unwanted. Write one, or name another folder with "
        '-chdir=DIR before the command. To destroy everything on purpose, use "moor destroy".',
    )
