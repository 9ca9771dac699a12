"""The release kit: what it reads in wheels, what it writes of them, and that our own wheel is reproducible."""

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from kit import wheelhouse
from kit.__main__ import ROOT, reproducible, sums, wheel
from kit.licences import notice
from kit.sbom import bill
from kit.wheels import UNKNOWN, Wheel, read, read_all

EPOCH = 1_767_225_600
HEAD = "Metadata-Version: 2.4\nName: {name}\nVersion: {version}\nSummary: invented\n"


def fake(folder: Path, name: str, *lines: str, version: str = "1.0", tag: str = "py3-none-any", **texts: str) -> Wheel:
    """A wheel of metadata alone."""
    path = folder / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as file:
        info = f"{name}-{version}.dist-info"
        file.writestr(f"{info}/METADATA", HEAD.format(name=name, version=version) + "".join(f"{x}\n" for x in lines))
        for text, content in texts.items():
            file.writestr(f"{info}/licenses/{text}", content)
    return read(path)


@pytest.mark.parametrize(
    ("lines", "licence"),
    [
        (["License-Expression: MIT", "License: whatever"], "MIT"),
        (["License: BSD 3-clause", "Classifier: License :: OSI Approved :: MIT License"], "BSD 3-clause"),
        (["License: " + "the whole text " * 20, "Classifier: License :: OSI Approved :: MIT License"], "MIT License"),
        (["License: UNKNOWN", "Classifier: License :: OSI Approved :: MIT License"], "MIT License"),
        (["Classifier: Topic :: Office/Business"], UNKNOWN),
    ],
)
def test_a_licence_is_read_where_its_author_wrote_it(lines: list[str], licence: str, tmp_path: Path) -> None:
    assert fake(tmp_path, "lib", *lines).licence == licence


def test_what_a_wheel_requires_is_told_from_what_its_extras_do(tmp_path: Path) -> None:
    lines = ["numpy>=2", 'pywin32>=224 ; platform_system == "Windows"', 'Py_Arrow>=20; extra == "departement"']
    found = fake(tmp_path, "lib", *(f"Requires-Dist: {line}" for line in lines))
    assert found.requires == {"numpy", "pywin32"}
    assert found.offers == {"py-arrow"}


def test_a_file_without_metadata_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("x.py", "")
    with pytest.raises(ValueError, match="no METADATA"):
        read(path)


def test_each_version_is_listed_with_the_hash_of_each_of_its_wheels(tmp_path: Path) -> None:
    one = fake(tmp_path, "xlsxwriter", version="3.3.1")
    two = [fake(tmp_path, "numpy", tag=f"cp3{n}-cp3{n}-win_amd64", x=str(n)) for n in (11, 12)]
    newer = fake(tmp_path, "numpy", version="2.0")
    listed = wheelhouse.requirements(["XlsxWriter==3.3.1", "numpy==1.0"], [one, *two, newer])
    first, second = sorted(item.sha256 for item in two)
    assert listed == (
        f"XlsxWriter==3.3.1 \\\n    --hash=sha256:{one.sha256}\n"
        f"numpy==1.0 \\\n    --hash=sha256:{first} \\\n    --hash=sha256:{second}\n"
    )
    with pytest.raises(KeyError):
        wheelhouse.requirements(["absent==1.0"], [one])


def test_the_bill_of_materials_names_every_wheel_and_what_it_depends_on(tmp_path: Path) -> None:
    root = fake(tmp_path, "aap-xl", "Requires-Dist: rich>=14", 'Requires-Dist: pandas; extra == "departement"')
    rich = fake(tmp_path, "rich", "License-Expression: MIT AND Zlib")
    pandas = fake(tmp_path, "pandas", "License: BSD", 'Requires-Dist: rich; extra == "all"')
    said = json.loads(bill([root, rich, pandas], "aap-xl", EPOCH))
    assert said["specVersion"] == "1.6"
    assert said["metadata"]["timestamp"] == "2026-01-01T00:00:00+00:00"
    assert said["metadata"]["component"]["name"] == "aap-xl"
    by_name = {item["name"]: item for item in said["components"]}
    assert by_name["rich"]["licenses"] == [{"expression": "MIT AND Zlib"}]
    assert by_name["pandas"]["licenses"] == [{"license": {"name": "BSD"}}]
    assert by_name["rich"]["hashes"] == [{"alg": "SHA-256", "content": rich.sha256}]
    assert by_name["rich"]["purl"] == "pkg:pypi/rich@1.0?file_name=rich-1.0-py3-none-any.whl"
    edges = {item["ref"]: item.get("dependsOn", []) for item in said["dependencies"]}
    assert edges == {
        root.path.name: [pandas.path.name, rich.path.name],
        rich.path.name: [],
        pandas.path.name: [],
    }
    assert bill([pandas, root, rich], "aap-xl", EPOCH) == bill([root, rich, pandas], "aap-xl", EPOCH)


def test_the_notice_has_each_licence_and_each_text_once(tmp_path: Path) -> None:
    wheels = [
        fake(tmp_path, "b", "License-Expression: MIT", LICENSE="Permission is hereby granted"),
        fake(tmp_path, "a", "License-Expression: Apache-2.0", COPYING="Permission is hereby granted\n"),
        fake(tmp_path, "c"),
    ]
    said = notice(wheels)
    assert said.index("a  1.0  Apache-2.0") < said.index("b  1.0  MIT") < said.index(f"c  1.0  {UNKNOWN}")
    assert said.count("Permission is hereby granted") == 1
    assert "a 1.0 : licenses/COPYING\nb 1.0 : licenses/LICENSE" in said
    assert "Sans texte de licence dans la roue : c 1.0." in said


def test_sums_are_those_that_sha256sum_checks(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "é.txt").write_text("x")
    (tmp_path / "a.txt").write_text("y")
    (tmp_path / "SHA256SUMS").write_text(sums(tmp_path))
    check = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
    assert subprocess.run(check, cwd=tmp_path, check=False).returncode == 0
    (tmp_path / "sub" / "é.txt").write_text("z")
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 1


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tracked files, elsewhere, later, with other rights."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    folder = tmp_path_factory.mktemp("copy") / "other place"
    for name in filter(None, listed.stdout.split("\0")):
        if name.startswith(("src/", "addin/")) or "/" not in name:
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)
            target.chmod(0o600)
            os.utime(target, (EPOCH, EPOCH))
    return folder


@pytest.mark.slow
def test_the_same_sources_give_the_same_wheel(copy: Path, tmp_path: Path) -> None:
    here, there = reproducible(ROOT, tmp_path / "here", EPOCH), wheel(copy, tmp_path / "there", EPOCH)
    assert here.name == there.name == "aap_xl-0.1.0-py3-none-any.whl"
    assert here.read_bytes() == there.read_bytes()
    (copy / "src" / "aap_xl" / "euros.py").write_text("")
    assert wheel(copy, tmp_path / "changed", EPOCH).read_bytes() != here.read_bytes()


@pytest.mark.slow
def test_our_wheel_says_what_it_is(copy: Path, tmp_path: Path) -> None:
    (own,) = read_all(wheel(copy, tmp_path / "made", EPOCH).parent)
    assert (own.name, own.licence) == ("aap-xl", "MIT")
    assert own.offers >= {"pyarrow", "pandas", "distributed"}
    assert set(own.texts) == {"licenses/LICENSE", "licenses/addin/THIRD_PARTY.md"}
    with zipfile.ZipFile(own.path) as file:
        names = file.namelist()
    assert "aap_xl/faces/install/complement/aap_xl.xlam" in names
    assert not [name for name in names if name.endswith((".pyc", ".xlsx")) or "__pycache__" in name]
