"""The verb `features`, the data dictionary on screen or as a file, and `key-industries`, the table that is signed."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scoring.cli.answers import Format, FormatOption, answer, language, settings, table, text
from scoring.cli.signing import AsOption, PasswordFileOption, signed_in

if TYPE_CHECKING:
    import pandas as pd

    from features.catalog import Catalogue
    from features.definition import Feature
    from features.key_industries import KeyIndustries

FORMS = (".xlsx", ".csv", ".json", ".md")

industries = typer.Typer(help=text("cli-industries-help"), no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add this family's verbs."""
    app.command("features", help=text("cli-features-help"))(features)
    app.add_typer(industries, name="key-industries")


def features(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help=text("cli-features-names"))] = None,
    factor: Annotated[list[str] | None, typer.Option("--factor", help=text("cli-features-factor"))] = None,
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help=text("cli-features-as-of"))
    ] = None,
    to: Annotated[Path | None, typer.Option("--to", help=text("cli-features-to"))] = None,
    form: FormatOption = Format.text,
) -> None:
    """Print or write the data dictionary."""
    from data.store import Store
    from features.catalog import catalogue
    from features.dictionary import dictionary
    from features.key_industries import key_industries
    from features.matrix import build_matrix

    chosen = settings()
    store = Store(chosen)
    whole = catalogue(store)
    part = whole.select(factors=factor or None, names=names or None)
    day = as_of.date() if as_of else chosen.today
    listed = dictionary(part, build_matrix(store, day, part))
    if to is not None:
        _write(listed, to)
        answer(
            {"file": str(to), "features": len(listed)},
            form,
            text("cli-features-written", file=str(to), count=len(listed)),
        )
        return
    codes = key_industries(store)
    value = {"as_of": day, "fingerprint": whole.fingerprint, "key_industries": codes.version,
             "key_industries_signed_by": codes.signed_by or None, "features": listed}  # fmt: skip
    shown = _details(part, listed) if names else [*_overview(listed, day), *_signature(codes)]
    answer(value, form, shown)


@industries.command("show", help=text("cli-industries-show-help"))
def show_industries(form: FormatOption = Format.text) -> None:
    """Print the table in use: each industry with its codes, and who signed it."""
    from data.store import Store
    from features.key_industries import key_industries

    _tell_industries(key_industries(Store(settings())), form)


@industries.command("sign", help=text("cli-industries-sign-help"))
def sign_industries(
    person: AsOption = "", password_file: PasswordFileOption = None, form: FormatOption = Format.text
) -> None:
    """Sign the table in use."""
    from scoring.committee.industry_table import sign_key_industries

    _, store, user = signed_in(person, password_file)
    _tell_industries(sign_key_industries(store, user), form)


def _tell_industries(codes: KeyIndustries, form: Format) -> None:
    told = [{"code": one.code, "industry": one.industry, "strength": one.strength} for one in codes.codes]
    value = {"version": codes.version, "digest": codes.digest, "path": str(codes.path), "codes": told,
             "signed_by": codes.signed_by or None}  # fmt: skip
    headers = [text(f"cli-industries-column-{name}") for name in ("industry", "strong", "related")]
    rows = [
        [names["zh" if language() == "zh-CN" else "en"],
         *(" ".join(one.code for one in codes.codes if one.industry == key and (one.strength == 1.0) == strong)
           for strong in (True, False))]
        for key, names in codes.names.items()
    ]  # fmt: skip
    answer(value, form, [*table(headers, rows), *_signature(codes)])


def _label(row: Any) -> str:  # noqa: ANN401
    return str(row.zh if language() == "zh-CN" else row.en)


def _number(value: float) -> str:
    return "" if value != value else f"{value:.4g}"


def _overview(listed: pd.DataFrame, day: date) -> list[str]:
    from scoring.messages import percent

    headers = [
        text(f"cli-features-column-{name}") for name in ("name", "label", "factor", "unit", "coverage", "median")
    ]
    rows = []
    for row in listed.itertuples():
        marks = ("†" if row.restricted else "") + ("✎" if row.changeable else "")
        share = float(str(row.coverage))
        covered = "" if share != share else percent(share, 0)
        unit = text("cli-features-category") if row.kind == "category" else row.unit
        rows.append([f"{row.name}{marks}", _label(row), row.factor, unit, covered, _number(float(str(row.median)))])
    count = text("cli-features-count", count=len(listed), as_of=day)
    return [count, *table(headers, rows, right=(4, 5)), text("cli-features-marks")]


def _signature(table_in_use: KeyIndustries) -> list[str]:
    key = "cli-features-industries-signed" if table_in_use.signed_by else "cli-features-industries-unsigned"
    return [text(key, version=table_in_use.version, who=table_in_use.signed_by, path=str(table_in_use.path))]


def _details(part: Catalogue, listed: pd.DataFrame) -> list[str]:
    lines: list[str] = []
    for feature, row in zip(part, listed.itertuples(), strict=True):
        lines += [f"{feature.name}  {row.zh}  {row.en}", f"  {row.definition}"]
        lines += [f"  {name}: {told}" for name, told in _facts(feature, row)]
    return lines


def _facts(feature: Feature, row: Any) -> list[tuple[str, str]]:  # noqa: ANN401
    from scoring.messages import percent

    told = {
        "factor": feature.factor,
        "unit": feature.unit or text("cli-features-category"),
        "direction": f"{feature.direction:+d}" if feature.direction else "0",
        "missing": text(f"cli-features-missing-{feature.missing}"),
        "restricted": feature.restricted or "",
        "source": feature.source,
        "inputs": ", ".join(feature.inputs),
        "formula": feature.formula.replace("\n", "; "),
        "coverage": "" if row.coverage != row.coverage else percent(float(row.coverage)),
        "quantiles": "" if row.median != row.median else " / ".join(_number(v) for v in (row.p05, row.median, row.p95)),
    }
    return [(text(f"cli-features-column-{name}"), value) for name, value in told.items() if value]


def _write(listed: pd.DataFrame, path: Path) -> None:
    """The dictionary as a file; the ending says which. Refuses an ending it does not write, and a missing folder."""
    from data.refusal import Refusal
    from features.dictionary import markdown

    if path.suffix not in FORMS:
        raise Refusal("features-file-ending", file=str(path), known=list(FORMS))
    if not path.parent.is_dir():
        raise Refusal("features-folder-missing", folder=str(path.parent))
    if path.suffix == ".md":
        path.write_text(markdown(listed), encoding="utf-8")
    elif path.suffix == ".json":
        listed.to_json(path, orient="records", force_ascii=False, indent=2)
    elif path.suffix == ".csv":
        listed.to_csv(path, index=False, encoding="utf-8-sig")
    else:
        listed.to_excel(path, index=False, sheet_name="features", freeze_panes=(1, 1))
