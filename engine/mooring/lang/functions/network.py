"""IP address arithmetic. An IPv4 address may have leading zeros, which count as decimal."""

from __future__ import annotations

from typing import Final

from mooring.core.records import record
from mooring.core.types import NUMBER, STRING, ListType
from mooring.core.values import Value, list_value, string
from mooring.lang.functions.arguments import integer, whole_number
from mooring.lang.functions.model import ArgumentError, Call, CallError, Function, Parameter

_WIDEST_EXTENSION: Final = 32


@record
class Prefix:
    """A network: its lowest address as a number, how many bits are fixed, and how many there are."""

    base: int
    length: int
    bits: int

    @property
    def free(self) -> int:
        """How many bits are not fixed."""
        return self.bits - self.length

    def __str__(self) -> str:
        return f"{address_text(self.base, self.bits)}/{self.length}"


def parse_prefix(text: str) -> Prefix | None:
    """Reads `10.0.0.0/8` or `fd00::/48`; bits after the prefix are cleared. None if it is neither."""
    address, slash, length_text = text.partition("/")
    found = _parse_address(address)
    if not slash or found is None or not (length_text.isascii() and length_text.isdecimal()):
        return None
    number, bits = found
    length = int(length_text)
    if length > bits:
        return None
    return Prefix(number >> (bits - length) << (bits - length), length, bits)


def _parse_address(text: str) -> tuple[int, int] | None:
    if ":" in text:
        from ipaddress import IPv6Address

        try:
            return (int(IPv6Address(text)), 128) if "%" not in text else None
        except ValueError:
            return None
    octets = text.split(".")
    if len(octets) != 4 or not all(each.isascii() and each.isdecimal() for each in octets):
        return None
    values = [int(each) for each in octets]
    return (int.from_bytes(bytes(values)), 32) if max(values) < 256 else None


def address_text(number: int, bits: int) -> str:
    """An address as it is usually written."""
    from ipaddress import IPv4Address, IPv6Address

    return str(IPv4Address(number) if bits == 32 else IPv6Address(number))


def _prefix(value: Value) -> Prefix:
    found = parse_prefix(value.text)
    if found is None:
        raise CallError(f'"{value.text}" is not a network in CIDR notation, such as "10.0.0.0/8"')
    return found


def _address_number(value: Value) -> int:
    found = integer(value)
    if found is None:
        raise CallError("a whole number is required")
    return found


def _host(call: Call) -> Value:
    prefix, wanted = _prefix(call[0]), _address_number(call[1])
    size = 1 << prefix.free
    number = wanted if wanted >= 0 else size + wanted
    if not 0 <= number < size:
        raise CallError(f"a network with {prefix.free} free bits has no host number {wanted}")
    return string(address_text(prefix.base + number, prefix.bits))


def _netmask(call: Call) -> Value:
    prefix = _prefix(call[0])
    if prefix.bits != 32:
        raise CallError("IPv6 networks have no netmask")
    return string(address_text((1 << 32) - (1 << prefix.free), 32))


def _subnet(call: Call) -> Value:
    prefix, extension, number = _prefix(call[0]), whole_number(call[1]), _address_number(call[2])
    length = prefix.length + extension
    if not 0 <= length <= prefix.bits:
        raise CallError(f"{prefix.free} bits are free, so the prefix cannot be extended by {extension}")
    if extension >= 0 and number >= 1 << extension:
        raise CallError(f"{extension} more bits do not make a subnet number {number}")
    return string(str(Prefix(_numbered(prefix, length, number), length, prefix.bits)))


def _numbered(prefix: Prefix, length: int, number: int) -> int:
    """The address of a subnet. Terraform takes a negative number's bits for an address, and so it is here."""
    return abs(prefix.base | (number << (prefix.bits - length)))


def _subnets(call: Call) -> Value:
    prefix = parse_prefix(call[0].text)
    if prefix is None:
        raise ArgumentError(0, f'"{call[0].text}" is not a network in CIDR notation, such as "10.0.0.0/8"')
    end = prefix.base + (1 << prefix.free)
    following = prefix.base
    found: list[Value] = []
    for at, argument in enumerate(call.arguments[1:], 1):
        length = prefix.length + _extension(argument, prefix, at)
        size = 1 << (prefix.bits - length)
        base = -(-following // size) * size
        following = base + size
        if following > end:
            raise ArgumentError(at, f"there is not enough space left for a subnet with {length} fixed bits")
        found.append(string(str(Prefix(base, length, prefix.bits))))
    return list_value(STRING, found)


def _extension(argument: Value, prefix: Prefix, position: int) -> int:
    extension = integer(argument)
    if extension is None:
        raise ArgumentError(position, "a whole number is required")
    if extension < 1:
        raise ArgumentError(position, "the prefix must be extended by one bit or more")
    if extension > _WIDEST_EXTENSION:
        raise ArgumentError(
            position, f"the prefix must not be extended by more than {_WIDEST_EXTENSION} bits"
        )
    if extension > prefix.free:
        raise ArgumentError(position, f"only {prefix.free} bits are free")
    return extension


_PREFIX: Final = Parameter(
    name="prefix", description="A range of addresses in CIDR notation, such as 10.0.0.0/8.", type=STRING
)

FUNCTIONS: Final = (
    Function(
        name="cidrhost",
        description="One address of a range.",
        parameters=(
            _PREFIX,
            Parameter(
                name="hostnum",
                description="Which one, from 0; negative numbers count from the end.",
                type=NUMBER,
            ),
        ),
        returns=STRING,
        body=_host,
    ),
    Function(
        name="cidrnetmask",
        description="The netmask of a range of IPv4 addresses, such as 255.0.0.0.",
        parameters=(_PREFIX,),
        returns=STRING,
        body=_netmask,
    ),
    Function(
        name="cidrsubnet",
        description="One subnet of a range.",
        parameters=(
            _PREFIX,
            Parameter(
                name="newbits", description="How many bits longer the subnet's prefix is.", type=NUMBER
            ),
            Parameter(name="netnum", description="Which of these subnets, from 0.", type=NUMBER),
        ),
        returns=STRING,
        body=_subnet,
    ),
    Function(
        name="cidrsubnets",
        description="Subnets of a range, placed one after the other.",
        parameters=(_PREFIX,),
        variadic=Parameter(
            name="newbits", description="For each subnet, how many bits longer its prefix is.", type=NUMBER
        ),
        returns=ListType(STRING),
        body=_subnets,
    ),
)
