import subprocess
import sys

import pytest

import pinpoint3d


def test_every_public_name_is_there():
    assert pinpoint3d.__all__ == sorted(pinpoint3d.__all__)
    assert dir(pinpoint3d) == pinpoint3d.__all__
    for name in pinpoint3d.__all__:
        assert getattr(pinpoint3d, name).__doc__, f"{name} explains itself"


def test_a_name_that_is_not_there():
    with pytest.raises(AttributeError, match="has no attribute 'load_scenes'"):
        _ = pinpoint3d.load_scenes


def test_importing_the_package_imports_nothing_heavy():
    code = (
        "import sys, pinpoint3d, pinpoint3d.cli; sys.exit(bool({'numpy', 'scipy', 'torch', 'PIL'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
