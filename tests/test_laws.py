"""The laws of the house, each executed: floors, homes of heavy libraries, names, sizes, words, catalogues."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from scoring.messages import LANGUAGES, LOCALES, keys

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("data", "features", "models", "scoring", "dashboard")

HOMES = {
    "pandera": {"data/contracts.py"},
    "sqlalchemy": {"data/store.py", "data/migrations.py", "data/ledger.py", "data/accounts.py"},
    "ibis": {"features/"},
    "lightgbm": {"models/classifier.py", "models/explanation.py"},
    "mlflow": {"models/registry.py"},
    "highspy": {"scoring/optimum/solving.py"},
    "pydantic": {"data/settings.py", "data/mapping.py", "scoring/editions/policy.py", "scoring/cli/answers.py"},
    "typer": {"scoring/cli/"},
    "streamlit": {"dashboard/"},
}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "base", "core", "manager", "types", "constants"}


@cache
def sources() -> tuple[Path, ...]:
    return tuple(
        path
        for floor in FLOORS
        for path in sorted((ROOT / floor).rglob("*.py"))
        if "local" not in path.relative_to(ROOT).parts
    )


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_each_floor_only_looks_down() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def imported(path: Path) -> set[str]:
    """The modules a file imports anywhere in it, functions and TYPE_CHECKING blocks included."""
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def test_no_cycle_between_files() -> None:
    modules = {place(path)[:-3].replace("/", ".").removesuffix(".__init__"): path for path in sources()}
    graph = {name: {other for other in imported(path) if other in modules} - {name} for name, path in modules.items()}
    done: set[str] = set()

    def visit(name: str, road: tuple[str, ...]) -> None:
        assert name not in road, " -> ".join((*road[road.index(name) :], name))
        if name not in done:
            for other in sorted(graph[name]):
                visit(other, (*road, name))
            done.add(name)

    for name in graph:
        visit(name, ())


@pytest.mark.parametrize("library", HOMES)
def test_a_heavy_library_has_one_home(library: str) -> None:
    strangers = {
        place(path)
        for path in sources()
        if any(name == library or name.startswith(f"{library}.") for name in imported(path))
        and not any(
            place(path) == home or (home.endswith("/") and place(path).startswith(home)) for home in HOMES[library]
        )
    }
    assert not strangers


def test_packages_hold_a_docstring_and_nothing_else() -> None:
    for path in sources():
        if path.name == "__init__.py":
            body = tree(path).body
            assert len(body) == 1, place(path)
            assert ast.get_docstring(tree(path)), place(path)


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert not [place(path) for path in sources() if path.stem in FORBIDDEN_NAMES]


def test_files_and_functions_stay_short() -> None:
    long_files = {place(path): n for path in sources() if (n := len(path.read_text().splitlines())) > 400}
    long_functions = {
        f"{place(path)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and (node.end_lineno or 0) - node.lineno + 1 > 60
    }
    assert (long_files, long_functions) == ({}, {})


def test_public_names_are_documented_and_typed() -> None:
    bare = []
    for path in sources():
        for node in tree(path).body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
                if not ast.get_docstring(node):
                    bare.append(f"{place(path)}:{node.name}")
                if isinstance(node, ast.FunctionDef) and node.returns is None:
                    bare.append(f"{place(path)}:{node.name} (return type)")
    assert not bare


def test_money_is_yuan_inside() -> None:
    """万元 exists only at the edges: no name of a variable, argument or column speaks of it inside."""
    wrong = [
        f"{place(path)}:{node.lineno} {name}"
        for path in sources()
        for node in ast.walk(tree(path))
        for name in [getattr(node, "id", None) or getattr(node, "arg", None)]
        if isinstance(name, str) and re.search(r"(^|_)(wan|wan_yuan|wanyuan)($|_)", name)
    ]
    assert not wrong


def test_scoring_draws_no_random_numbers() -> None:
    guilty = [
        place(path)
        for path in sources()
        if place(path).startswith("scoring/")
        and any(name.split(".")[0] == "random" or name.startswith("numpy.random") for name in imported(path))
    ]
    for path in sources():
        if place(path).startswith("scoring/"):
            text = path.read_text(encoding="utf-8")
            if re.search(r"np\.random\.(?!Generator)|\.sample\(", text):
                guilty.append(place(path))
    assert not guilty


def test_no_pickle_is_read_or_written() -> None:
    banned = {"pickle", "cloudpickle", "joblib", "dill", "marshal", "shelve"}
    assert not [place(path) for path in sources() if {name.split(".")[0] for name in imported(path)} & banned]


# --- words ---------------------------------------------------------------------------------------------------


def test_both_languages_have_the_same_keys() -> None:
    chinese, english = (keys(language) for language in LANGUAGES)
    assert chinese == english, sorted(chinese ^ english)


def test_both_languages_take_the_same_values() -> None:
    def variables(language: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for path in sorted((LOCALES / language).glob("*.ftl")):
            key = ""
            for line in path.read_text(encoding="utf-8").splitlines():
                if begins := re.match(r"([a-zA-Z][\w-]*)\s*=", line):
                    key = begins[1]
                found.setdefault(key, set()).update(re.findall(r"\$([\w-]+)", line))
        return found

    chinese, english = (variables(language) for language in LANGUAGES)
    assert {key: (chinese[key], english.get(key)) for key in chinese if chinese[key] != english.get(key)} == {}


def refusals() -> dict[str, list[str]]:
    """Every code that the source refuses with, and where."""
    found: dict[str, list[str]] = {}
    for path in sources():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refusal" and node.args:
                code = node.args[0]
                if isinstance(code, ast.Constant):
                    found.setdefault(str(code.value), []).append(f"{place(path)}:{node.lineno}")
    return found


def test_every_refusal_has_its_sentence() -> None:
    known = keys("en")
    assert {code: where for code, where in refusals().items() if code not in known} == {}


def test_no_key_stands_twice() -> None:
    for language in LANGUAGES:
        seen: dict[str, str] = {}
        for path in sorted((LOCALES / language).glob("*.ftl")):
            for key in re.findall(r"^([a-zA-Z][\w-]*)\s*=", path.read_text(encoding="utf-8"), re.MULTILINE):
                assert key not in seen, f"{key} in {language}: {seen[key]} and {path.name}"
                seen[key] = path.name


NOT_PROSE = re.compile(
    r"publication-(column|size|via|note|sheet)-|entitlement-field-"  # what published tables are made of, byte for byte
)
AS_TYPED = (
    "outcome:名称", "在 ? 处", "{ $year }-01-01,0,元旦", "2027-01-01,0,元旦", "“日期,1 或 0,说明”",
    "{ $body }: accept",
)  # fmt: skip
"""What a person types, or finds in a file, is written as it is typed."""


def test_chinese_prose_has_full_width_punctuation() -> None:
    """GB/T 15834: the marks ， ： ； ？ ！ （ ） beside Chinese; half the catalogues had ASCII's, the others these."""
    beside = re.compile(r"[一-鿿”」）}][,:;?!(]|[,:;?!)][一-鿿“「（]|[，：；？！（] +\S")
    found = []
    for path in sorted((LOCALES / "zh-CN").glob("*.ftl")):
        key = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if begins := re.match(r"([a-zA-Z][\w-]*)\s*=", line):
                key = begins[1]
            for typed in AS_TYPED:
                line = line.replace(typed, "")
            if not line.startswith("#") and beside.search(line) and not NOT_PROSE.match(key):
                found.append(f"{path.name}: {line.strip()}")
    assert found == []
    prose = re.sub(
        r"```.*?```|`[^`]*`|\]\([^)]*\)", "`", (ROOT / "README.zh-CN.md").read_text(encoding="utf-8"), flags=re.S
    )
    assert [line for line in prose.replace(" |", "|").splitlines() if beside.search(line)] == []


def test_chinese_has_one_word_for_a_feature() -> None:
    """指标 is what officials say; an office's own indicators are 自定指标, a model's figures 检验结果."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in (LOCALES / "zh-CN").glob("*.ftl")}
    assert [name for name, text in texts.items() if "特征" in text] == []


def test_the_lower_floors_speak_no_chinese() -> None:
    """Words for people live in the catalogues; data that is Chinese by nature (headers, names) lives in reference/."""
    speaking = {
        f"{place(path)}:{node.lineno}"
        for path in sources()
        if place(path).startswith("models/")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(r"[一-鿿]", node.value)
        and not _is_docstring(path, node)
    }  # fmt: skip
    assert not speaking


def _is_docstring(path: Path, node: ast.Constant) -> bool:
    owners = (ast.Module, ast.FunctionDef, ast.ClassDef)
    return any(
        isinstance(owner, owners) and owner.body and getattr(owner.body[0], "value", None) is node
        for owner in ast.walk(tree(path))
    )


# --- what the repository may not hold ------------------------------------------------------------------------


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: the list of tracked files is not to be had")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-spark.lock", "requirements-bench.lock"])
def test_every_pin_is_hashed_and_no_registry_is_named(name: str) -> None:
    lock = (ROOT / name).read_text()
    assert not re.search(r"https?://|index-url|find-links|file:", lock)
    pins = re.findall(r"^[A-Za-z0-9_.-]+(?:\[.*?\])?==", lock, re.MULTILINE)
    blocks = re.split(r"\n(?=[A-Za-z0-9])", lock.strip())
    assert len(pins) == len(blocks)
    assert all("--hash=sha256:" in block for block in blocks)


def test_build_files_name_no_registry() -> None:
    for name in ("pyproject.toml", "Makefile", ".ci/run"):
        assert not re.search(r"(?<!no-emit-)index-url", (ROOT / name).read_text()), name


def test_nothing_is_left_open() -> None:
    pattern = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|raise NotImplemented" + r"Error)\b")
    assert not [place(path) for path in tracked() if path.suffix == ".py" and pattern.search(path.read_text())]


def test_every_library_used_is_declared() -> None:
    """What the code imports is a dependency of its own, not a guest of somebody else's."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    optional = [name for extra in ("postgresql", "spark", "bench") for name in project["optional-dependencies"][extra]]
    declared = {
        re.match(r"[A-Za-z0-9._-]+", requirement)[0].lower().replace("_", "-").replace(".", "-")  # type: ignore[index]
        for requirement in [*project["dependencies"], *optional]
    }
    distributions = packages_distributions()
    guests = {}
    for path in sources():
        for name in {name.split(".")[0] for name in imported(path)} - set(sys.stdlib_module_names) - set(FLOORS):
            owners = {owner.lower().replace("_", "-").replace(".", "-") for owner in distributions.get(name, [name])}
            if not owners & declared:
                guests[name] = place(path)
    assert not guests


def test_the_list_of_tests_depends_on_no_clock() -> None:
    """Workers that collect at different seconds must find the same tests."""
    moving = {"time", "now", "today", "utcnow", "uuid4", "random", "getpid"}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "parametrize":
                called = {
                    part.func.attr if isinstance(part.func, ast.Attribute) else getattr(part.func, "id", "")
                    for part in ast.walk(node)
                    if isinstance(part, ast.Call) and part is not node
                }
                assert not called & moving, f"{place(path)}:{node.lineno}: {sorted(called & moving)}"
