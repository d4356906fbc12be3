"""The files of a random program: a root module, and a module `m` if anything is inside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.properties.programs import Block, Program, Repetition

Files = Mapping[str, str]
_KEYS_OF_MODULE = {"count": "[${count.index}]", "for_each": "[${jsonencode(each.key)}]"}


def files_of(program: Program) -> Files:
    """The text of each file by path."""
    files = {"main.tf": "\n".join(_root(program))}
    if any(block.is_inside for block in program.blocks):
        files["m/main.tf"] = "\n".join(_module(program))
    return files


def _root(program: Program) -> Iterator[str]:
    for block in program.blocks:
        if not block.is_inside:
            yield _resource(block, program)
    if any(block.is_inside for block in program.blocks):
        yield from _call(program)
    everything = ", ".join(_reference(block, program, is_inside=False) for block in program.blocks)
    yield f'output "everything" {{\n  value = [{everything}]\n  sensitive = true\n}}\n'
    yield from _moved(program, is_inside=False)
    for block in program.forgotten:
        prefix = "module.m." if block.is_inside else ""
        yield f"removed {{\n  from = {prefix}{block.address}\n  lifecycle {{\n    destroy = false\n  }}\n}}\n"


def _module(program: Program) -> Iterator[str]:
    yield 'variable "path" {\n}\n'
    for number in sorted(_taken_inside(program)):
        yield f'variable "r{number}" {{\n}}\n'
    for block in program.blocks:
        if block.is_inside:
            yield _resource(block, program)
            value = _all_instances(block)
            yield f'output "r{block.number}" {{\n  value = {value}\n  sensitive = true\n}}\n'
    yield from _moved(program, is_inside=True)


def _call(program: Program) -> Iterator[str]:
    header = _repetition(program.module)
    key = _KEYS_OF_MODULE[header[0].split()[0]] if header else ""
    by_number = {block.number: block for block in program.blocks}
    taken = [
        f"  r{number} = {_reference(by_number[number], program, is_inside=False)}"
        for number in sorted(_taken_inside(program))
    ]
    yield "\n".join(
        ['module "m" {', '  source = "./m"', *header, f'  path = "module.m{key}."', *taken, "}", ""]
    )


def _taken_inside(program: Program) -> set[int]:
    """The blocks of the root that blocks inside use."""
    outside = {block.number for block in program.blocks if not block.is_inside}
    inside = [block for block in program.blocks if block.is_inside]
    return outside & {number for block in inside for number in block.uses + block.trigger_uses}


def _moved(program: Program, *, is_inside: bool) -> Iterator[str]:
    here = {block.number for block in program.blocks if block.is_inside == is_inside}
    for old, new in program.moves:
        if new in here:
            yield f"moved {{\n  from = terraform_data.r{old}\n  to = terraform_data.r{new}\n}}\n"


def _all_instances(block: Block) -> str:
    match block.repetition:
        case None:
            return f"{block.address}.output"
        case int():
            return f"{block.address}[*].id"
        case _:
            return f"{{ for key, item in {block.address} : upper(key) => item.output }}"


def _reference(block: Block, program: Program, *, is_inside: bool) -> str:
    """An expression over all instances of a block, as it is written inside the module or outside."""
    if block.is_inside == is_inside:
        return _all_instances(block)
    if is_inside:
        return f"var.r{block.number}"
    match program.module:  # one instance: all of them would bring in what their other outputs need
        case None:
            return f"module.m.r{block.number}"
        case 0 | ():
            return '"none"'
        case int():
            return f"module.m[0].r{block.number}"
        case keys:
            return f'module.m["{keys[0]}"].r{block.number}'


def _resource(block: Block, program: Program) -> str:
    by_number = {each.number: each for each in program.blocks}
    uses, trigger_uses = (
        ", ".join(_reference(by_number[n], program, is_inside=block.is_inside) for n in numbers)
        for numbers in (block.uses, block.trigger_uses)
    )
    lines = [f'  input = {{ name = "{_name(block)}", value = {block.value}, uses = [{uses}] }}']
    if block.trigger is not None or trigger_uses:
        lines.append(f"  triggers_replace = [{block.trigger or 'null'}, {trigger_uses}]")
    if block.depends_on:
        lines.append(f"  depends_on = [{', '.join(by_number[each].address for each in block.depends_on)}]")
    lines += _lifecycle(block, by_number)
    header = f'resource "terraform_data" "r{block.number}" {{'
    return "\n".join([header, *_repetition(block.repetition), *lines, "}", ""])


def _name(block: Block) -> str:
    """The address of an instance, in the language."""
    key = {type(None): "", int: "[${count.index}]", tuple: "[${jsonencode(each.key)}]"}[
        type(block.repetition)
    ]
    return ("${var.path}" if block.is_inside else "") + block.address + key


def _lifecycle(block: Block, by_number: Mapping[int, Block]) -> list[str]:
    rules = ["    create_before_destroy = true"] if block.creates_first else []
    if block.replaced_with:
        addresses = ", ".join(by_number[each].address for each in block.replaced_with)
        rules.append(f"    replace_triggered_by = [{addresses}]")
    return ["  lifecycle {", *rules, "  }"] if rules else []


def _repetition(repetition: Repetition) -> list[str]:
    match repetition:
        case None:
            return []
        case int(count):
            return [f"  count = {count}"]
        case keys:
            listed = ", ".join(f'"{key}"' for key in keys)
            return [f"  for_each = toset([{listed}])"]
