"""The configuration in a plan's JSON form: what each block says, as constants and references."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from mooring.config.assembly import provider_local_name
from mooring.config.model import Module, ModuleCall, Output, Provisioner, Resource, Variable
from mooring.core.addresses import Mode, ModulePath, ProviderAddress
from mooring.core.codec import Json
from mooring.reporting.expressions_json import body_json, expression_json, references
from mooring.reporting.values_json import content
from mooring.schema.model import BlockSchema, ResourceSchema
from mooring.syntax.nodes import Expression

SchemaFinder = Callable[[ProviderAddress, Mode, str], ResourceSchema | None]
_NONE: Final = BlockSchema()


def config_json(root: Module, find_schema: SchemaFinder) -> dict[str, Json]:
    """The provider configurations and the tree of modules."""
    writer = _Writer(root, find_schema)
    configs = writer.provider_configs()
    form: dict[str, Json] = {"provider_config": configs} if configs else {}
    return {**form, "root_module": writer.module(root)}


class _Writer:
    """Writes modules; private to `config_json`."""

    def __init__(self, root: Module, find_schema: SchemaFinder) -> None:
        self._root: Final = root
        self._find_schema: Final = find_schema

    # -- providers -------------------------------------------------------------------------------

    def provider_configs(self) -> dict[str, Json]:
        """Every provider block, and an empty one for each provider that is named or used without."""
        forms: dict[str, Json] = {}
        for module in _tree(self._root):
            for (name, alias), block in module.provider_configs.items():
                form = self._provider(module, name)
                if alias:
                    form["alias"] = alias
                expressions = body_json(block.body, _NONE)
                forms[_key(module.path, name, alias)] = form | (
                    {"expressions": expressions} if expressions else {}
                )
            for resource in module.resources.values():
                key, owner, name = self._resolve(module, resource)
                forms.setdefault(key, self._provider(owner, name))
        for name in self._root.required_providers:
            forms.setdefault(name, self._provider(self._root, name))
        for address in self._root.providers.values():
            forms.setdefault(address.type, {"name": address.type, "full_name": str(address)})
        return dict(sorted(forms.items()))

    def _provider(self, module: Module, name: str) -> dict[str, Json]:
        form: dict[str, Json] = {"name": name}
        address = module.providers.get(name)
        if address is not None:
            form["full_name"] = str(address)
        if module.path:
            form["module_address"] = ".".join(f"module.{step}" for step in module.path)
        return form

    def _resolve(self, module: Module, resource: Resource) -> tuple[str, Module, str]:
        """The key of a resource's provider configuration, and the module and name it stands under."""
        chosen = resource.provider
        name = chosen.local_name if chosen else provider_local_name(resource)
        alias = chosen.alias if chosen else None
        while module.path and (name, alias) not in module.provider_configs:
            parent = self._root.descendant(module.path[:-1])
            if parent is None:
                break
            passed = parent.calls[module.path[-1]].providers.get((name, alias))
            if passed is not None:
                name, alias = passed.local_name, passed.alias
            elif name not in parent.providers:
                break
            module = parent
        return _key(module.path, name, alias), module, name

    # -- modules ---------------------------------------------------------------------------------

    def module(self, module: Module) -> dict[str, Json]:
        """One module with those it calls."""
        parts: dict[str, Json] = {
            "outputs": {name: _output(each) for name, each in sorted(module.outputs.items())},
            "resources": [self._resource(module, each) for each in _in_order(module)],
            "module_calls": {name: self._call(module, call) for name, call in sorted(module.calls.items())},
            "variables": {name: _variable(each) for name, each in sorted(module.variables.items())},
        }
        return {name: part for name, part in parts.items() if part}

    def _call(self, module: Module, call: ModuleCall) -> dict[str, Json]:
        form: dict[str, Json] = {"source": call.source}
        if call.arguments:
            form["expressions"] = {
                name: expression_json(each) for name, each in sorted(call.arguments.items())
            }
        form |= _repetition(call.count, call.for_each)
        child = module.children.get(call.name)
        form["module"] = self.module(child) if child is not None else {}
        if call.version:
            form["version_constraint"] = call.version
        if call.depends_on:
            form["depends_on"] = list(references(call.depends_on))
        return form

    def _resource(self, module: Module, resource: Resource) -> dict[str, Json]:
        key, owner, name = self._resolve(module, resource)
        address = owner.providers.get(name)
        schema = self._find_schema(address, resource.mode, resource.type) if address else None
        prefix = "" if resource.mode == "managed" else f"{resource.mode}."
        form: dict[str, Json] = {
            "address": f"{prefix}{resource.type}.{resource.name}",
            "mode": resource.mode,
            "type": resource.type,
            "name": resource.name,
            "provider_config_key": key,
        }
        if resource.provisioners:
            form["provisioners"] = [_provisioner(each) for each in resource.provisioners]
        expressions = body_json(resource.body, schema.block) if schema else {}
        if expressions:
            form["expressions"] = expressions
        form["schema_version"] = schema.version if schema else 0
        form |= _repetition(resource.count, resource.for_each)
        if resource.depends_on:
            form["depends_on"] = list(references(resource.depends_on))
        return form


def _key(path: ModulePath, name: str, alias: str | None) -> str:
    where = ".".join(f"module.{step}" for step in path)
    return f"{where}{':' if where else ''}{name}{f'.{alias}' if alias else ''}"


def _tree(root: Module) -> Iterator[Module]:
    yield root
    for name in sorted(root.children):
        yield from _tree(root.children[name])


def _in_order(module: Module) -> list[Resource]:
    return [
        module.resources[key] for key in sorted(module.resources, key=lambda key: (key[0] == "data", key))
    ]


def _provisioner(provisioner: Provisioner) -> dict[str, Json]:
    attributes, _ = provisioner.body.just_attributes()
    expressions: dict[str, Json] = {
        name: expression_json(each.expression) for name, each in sorted(attributes.items())
    }
    form: dict[str, Json] = {"type": provisioner.type}
    return {**form, "expressions": expressions} if expressions else form


def _repetition(count: Expression | None, for_each: Expression | None) -> dict[str, Json]:
    forms: dict[str, Json] = {
        "count_expression": expression_json(count) if count is not None else {},
        "for_each_expression": expression_json(for_each) if for_each is not None else {},
    }
    return {name: form for name, form in forms.items() if form}


def _output(output: Output) -> dict[str, Json]:
    form: dict[str, Json] = {"sensitive": True} if output.sensitive else {}
    form["expression"] = expression_json(output.expression)
    if output.depends_on:
        form["depends_on"] = list(references(output.depends_on))
    if output.description:
        form["description"] = output.description
    return form


def _variable(variable: Variable) -> dict[str, Json]:
    form: dict[str, Json] = {}
    if variable.default is not None:
        form["default"] = content(variable.default)
    if variable.description:
        form["description"] = variable.description
    if variable.sensitive:
        form["sensitive"] = True
    return form
