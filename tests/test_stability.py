"""How lists agree between refits: single refits and whole bags side by side."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from models.checkpoint import Checkpoint
from models.classifier import Recipe
from models.fitted import Bag
from models.refit import refit, total_members
from models.splits import Panel, plan
from models.stability import list_stability
from models.stopping import School


def panel(noise: float, enterprises: int = 400) -> Panel:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame(generator.normal(size=(enterprises, 24)), columns=list("abcdefghijklmnopqrstuvwx"))
    label = (frame.a + frame.b + generator.normal(0, noise, enterprises) > 0.8).astype(float).to_numpy()
    names = np.array([f"E{i:03d}" for i in range(enterprises)], dtype=object)
    day = np.full(enterprises, np.datetime64("2023-05-01"))
    return Panel(frame, pd.DataFrame(index=frame.index), names, day, day + np.timedelta64(90, "D"), label)


def school_of(found: Panel, recipe: Recipe) -> School:
    return School(found, recipe, 1, plan(found, group_by=None, seed=1).group)


def stability(noise: float, folder: Path, refits: int = 3) -> dict[str, object]:
    found, done = panel(noise), list[int]()
    school = school_of(found, Recipe(trees=40, rate=0.1))
    fitted = refit(school, "trees", {}, 6, 0, Checkpoint(folder, {}), done.append, refits=refits)
    assert done[-1] == total_members(6, refits)
    assert fitted.bag.members == 6
    assert [one.members for one in fitted.again] == [6] * refits
    return list_stability(fitted.bag, fitted.again, found)


def test_a_bag_keeps_more_of_its_list_than_a_single_model(tmp_path: Path) -> None:
    told = stability(1.0, tmp_path)
    assert (told["k"], told["enterprises"]) == (40, 400)
    assert (told["refits"], told["refit_members"]) == (3, 6)
    single, bag = told["single"], told["bag"]
    assert isinstance(single, float)
    assert isinstance(bag, float)
    assert 0.1 < single < bag <= 1  # two lists of 40 drawn at random share a tenth


def test_less_noise_keeps_more(tmp_path: Path) -> None:
    clear, vague = stability(0.1, tmp_path / "1"), stability(3.0, tmp_path / "2")
    assert float(str(clear["bag"])) > float(str(vague["bag"]))
    assert float(str(clear["expected_turnover"])) < float(str(vague["expected_turnover"]))


def test_without_refits_the_bag_says_nothing(tmp_path: Path) -> None:
    assert stability(1.0, tmp_path, refits=0)["bag"] is None


def test_the_same_bag_again_shares_everything(tmp_path: Path) -> None:
    found = panel(1.0)
    school = school_of(found, Recipe(trees=10))
    fitted = refit(school, "trees", {}, 2, 0, Checkpoint(tmp_path, {}), lambda _: None, refits=0)
    told = list_stability(fitted.bag, (fitted.bag, fitted.bag), found)
    assert told["bag"] == 1.0
    assert isinstance(fitted.bag, Bag)
