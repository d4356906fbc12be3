"""The virtual machine sizes Azure Machine Learning offers, and their quota families.

Sources: "Sizes for virtual machines in Azure" for cores, memory and disk; the supported-series table of
"create and attach compute" for which series need approval, whose family limit is 0 in a new subscription;
"manage quotas" for the defaults. The same list for every region.
"""

from collections.abc import Mapping
from dataclasses import dataclass

LOW_PRIORITY_LIMIT = 100
"""Low-priority cores: one pool per region for all families (facts.md section 3: 100-3000 by offer)."""

_FAMILY_LIMIT = 100
_GPU_FAMILY_LIMIT = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A quota family; `limit` is its default number of cores per region."""

    name: str
    title: str
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VmSize:
    """One size; memory in GiB, the resource disk in MB."""

    name: str
    family: Family
    cores: int
    memory: float
    gpus: int
    disk: int


def _family(
    family: Family,
    template: str,
    rows: tuple[tuple[str | int, int, float], ...],
    *,
    gpus: tuple[int, ...] = (),
) -> tuple[VmSize, ...]:
    counts = gpus or (0,) * len(rows)
    return tuple(
        VmSize(
            name=template.format(label),
            family=family,
            cores=cores,
            memory=memory,
            gpus=count,
            disk=int(memory * 2048),
        )
        for (label, cores, memory), count in zip(rows, counts, strict=True)
    )


def _plain(name: str, title: str) -> Family:
    return Family(name=name, title=f"Standard {title} Family Cluster Dedicated vCPUs", limit=_FAMILY_LIMIT)


def _gpu(name: str, title: str) -> Family:
    return Family(
        name=name, title=f"Standard {title} Family Cluster Dedicated vCPUs", limit=_GPU_FAMILY_LIMIT
    )


def _approved(name: str, title: str) -> Family:
    return Family(name=name, title=f"Standard {title} Family Cluster Dedicated vCPUs", limit=0)


_D_V2 = ((1, 1, 3.5), (2, 2, 7), (3, 4, 14), (4, 8, 28), (11, 2, 14), (12, 4, 28), (13, 8, 56), (14, 16, 112))
_DS1_V2 = ((1, 1, 3.5), (2, 2, 7), (3, 4, 14), (4, 8, 28), (5, 16, 56))
_DS11_V2 = ((11, 2, 14), (12, 4, 28), (13, 8, 56), (14, 16, 112))
_BY_FOUR = (
    (2, 2, 8.0),
    (4, 4, 16.0),
    (8, 8, 32.0),
    (16, 16, 64.0),
    (32, 32, 128.0),
    (48, 48, 192.0),
    (64, 64, 256.0),
)
_BY_EIGHT = ((2, 2, 16.0), (4, 4, 32.0), (8, 8, 64.0), (16, 16, 128.0), (32, 32, 256.0), (64, 64, 504.0))
_BY_TWO = (
    (2, 2, 4.0),
    (4, 4, 8.0),
    (8, 8, 16.0),
    (16, 16, 32.0),
    (32, 32, 64.0),
    (64, 64, 128.0),
    (72, 72, 144.0),
)
_B = (("1ms", 1, 2.0), ("2s", 2, 4.0), ("2ms", 2, 8.0), ("4ms", 4, 16.0), ("8ms", 8, 32.0))
_NC = ((6, 6, 56.0), (12, 12, 112.0), (24, 24, 224.0))

VM_SIZES: tuple[VmSize, ...] = (
    *_family(_plain("standardBSFamily", "BS"), "Standard_B{}", _B),
    *_family(_plain("standardDv2Family", "Dv2"), "Standard_D{}_v2", _D_V2),
    *_family(_plain("standardDSv2Family", "DSv2"), "Standard_DS{}_v2", _DS1_V2),
    *_family(_plain("standardDSv2Family", "DSv2"), "Standard_DS{}_v2", _DS11_V2),
    *_family(_plain("standardDv3Family", "Dv3"), "Standard_D{}_v3", _BY_FOUR),
    *_family(_plain("standardDSv3Family", "DSv3"), "Standard_D{}s_v3", _BY_FOUR),
    *_family(_plain("standardDDSv4Family", "DDSv4"), "Standard_D{}ds_v4", _BY_FOUR),
    *_family(_plain("standardDSv5Family", "DSv5"), "Standard_D{}s_v5", _BY_FOUR),
    *_family(_plain("standardDDSv5Family", "DDSv5"), "Standard_D{}ds_v5", _BY_FOUR),
    *_family(_plain("standardDASv4Family", "DASv4"), "Standard_D{}as_v4", _BY_FOUR),
    *_family(_plain("standardEv3Family", "Ev3"), "Standard_E{}_v3", _BY_EIGHT),
    *_family(_plain("standardESv3Family", "ESv3"), "Standard_E{}s_v3", _BY_EIGHT),
    *_family(_plain("standardEDSv4Family", "EDSv4"), "Standard_E{}ds_v4", _BY_EIGHT),
    *_family(_plain("standardESv5Family", "ESv5"), "Standard_E{}s_v5", _BY_EIGHT),
    *_family(_plain("standardFSv2Family", "FSv2"), "Standard_F{}s_v2", _BY_TWO),
    *_family(_gpu("standardNCFamily", "NC"), "Standard_NC{}", _NC, gpus=(1, 2, 4)),
    *_family(_gpu("standardNVFamily", "NV"), "Standard_NV{}", _NC, gpus=(1, 2, 4)),
    *_family(
        _gpu("standardNCASv3_T4Family", "NCASv3_T4"),
        "Standard_NC{}as_T4_v3",
        ((4, 4, 28.0), (8, 8, 56.0), (16, 16, 110.0), (64, 64, 440.0)),
        gpus=(1, 1, 1, 4),
    ),
    *_family(
        _gpu("standardNCADSA100v4Family", "NCADSA100v4"),
        "Standard_NC{}ads_A100_v4",
        ((24, 24, 220.0), (48, 48, 440.0), (96, 96, 880.0)),
        gpus=(1, 2, 4),
    ),
    *_family(_approved("standardNCSv2Family", "NCSv2"), "Standard_NC{}s_v2", _NC, gpus=(1, 2, 4)),
    *_family(_approved("standardNCSv3Family", "NCSv3"), "Standard_NC{}s_v3", _NC, gpus=(1, 2, 4)),
    *_family(_approved("standardNDSFamily", "NDS"), "Standard_ND{}s", _NC, gpus=(1, 2, 4)),
    *_family(_approved("standardNDSv2Family", "NDSv2"), "Standard_ND{}rs_v2", ((40, 40, 672.0),), gpus=(8,)),
    *_family(_approved("standardMSFamily", "MS"), "Standard_M{}s", ((64, 64, 1024.0), (128, 128, 2048.0))),
)


_BY_NAME: Mapping[str, VmSize] = {size.name.lower(): size for size in VM_SIZES}
FAMILIES: tuple[Family, ...] = tuple(dict.fromkeys(size.family for size in VM_SIZES))


def find_size(name: str) -> VmSize | None:
    """Find a size by its name; the service compares names without regard to case."""
    return _BY_NAME.get(name.lower())
