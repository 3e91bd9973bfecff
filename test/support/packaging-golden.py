"""What `packaging`, the library that pip uses, says of versions, specifiers and markers.

    python3 test/support/packaging-golden.py > test/unit/fixtures/packaging.json
"""

import itertools
import json

from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

VERSIONS = """1.0 1.0.0 1 1.0.1 1.1 1.10 2 2.0.0a1 2.0.0-Alpha.1 2.0b2 2.0rc1 2.0.RC1 2.0c1 2.0.post1 2.0-1
2.0.dev3 2.0a1.dev1 2.0.post1.dev2 v2.0 1!0.5 2.13.0+cpu 2.13.0+cu118 2.13.0 2026.10.19.post1 0.0.0 1.0.0.0.1
2.0-preview-3 2.0.rev4 1.0+ubuntu-1 1.0+Ubuntu.1""".split()
WRONG = ["2024b", "abc", "1.0-", "1..0", "", "1.0+", "2019-01-02x"]
SPECIFIERS = """==1.0 ==1.* ==2.13.0 ==2.13.0+cpu !=1.0 !=1.* >=1.1,<2 ~=1.0 ~=1.0.0 ~=2.0.0a1 <=1.0.1 >1,<=2 >=2.0rc1 ===1.0
==1!0.5 >=2.0.dev3 <2.0 >2.0""".split()
ENVIRONMENTS = [
    {
        "python_version": python,
        "python_full_version": full,
        "os_name": os_name,
        "sys_platform": platform,
        "platform_system": system,
        "platform_machine": machine,
        "platform_release": "6.1.0-13-amd64",
        "platform_version": "",
        "platform_python_implementation": implementation,
        "implementation_name": implementation.lower(),
        "implementation_version": full,
    }
    for python, full, os_name, platform, system, machine, implementation in [
        ("3.9", "3.9.18", "posix", "linux", "Linux", "x86_64", "CPython"),
        ("3.11", "3.11.7", "posix", "linux", "Linux", "aarch64", "CPython"),
        ("3.13", "3.13.0", "nt", "win32", "Windows", "AMD64", "CPython"),
        ("3.10", "3.10.13", "posix", "darwin", "Darwin", "arm64", "PyPy"),
    ]
]
MARKERS = [
    "python_version < '3.10'",
    'python_version >= "3.10" and sys_platform == "linux"',
    "python_full_version < '3.11.8'",
    "'3.10' <= python_version",
    "sys_platform == 'win32' or platform_machine == 'aarch64'",
    "(sys_platform == 'win32' or os_name == 'posix') and python_version > '3.9'",
    "platform_system != 'Windows' and (platform_machine == 'x86_64' or platform_machine == 'arm64')",
    "python_version in '3.9 3.10'",
    "platform_machine not in 'x86_64 AMD64'",
    "python_version == '3.11.*'",
    "python_version ~= '3.9'",
    "implementation_name == 'cpython' and platform_python_implementation != 'PyPy'",
    "os_name == 'nt' and python_version < '3.9' or sys_platform == 'darwin'",
    "python_full_version >= '3.9.18' and python_full_version != '3.13.0'",
]


def sign(number):
    return (number > 0) - (number < 0)


def order(a, b):
    # Without the local part, which says how a version was built.
    a, b = Version(Version(a).public), Version(Version(b).public)
    return 0 if a == b else 1 if a > b else -1


def is_version(text):
    try:
        Version(text)
        return True
    except InvalidVersion:
        return False


print(
    json.dumps(
        {
            "order": [[a, b, order(a, b)] for a, b in itertools.product(VERSIONS, VERSIONS)],
            "wrong": [text for text in WRONG if not is_version(text)],
            "specifiers": [
                [version, specifier, SpecifierSet(specifier).contains(version, prereleases=True)]
                for version in VERSIONS
                for specifier in SPECIFIERS
            ],
            "environments": ENVIRONMENTS,
            "markers": [
                [marker, [Marker(marker).evaluate(environment) for environment in ENVIRONMENTS]]
                for marker in MARKERS
            ],
        },
        separators=(",", ":"),
    )
)
