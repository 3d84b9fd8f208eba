"""The recipes of CONTRIBUTING for data of a brief, followed as they stand there.

Those that add to this repository's own data, its chapters or the program are followed in `test_recipes_in_a_copy`.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import openpyxl
import pytest
import yaml

import planned
import test_recipes_in_a_copy
import topics
from brief import figures
from brief.analysis import campaigns, machine_coding, theming
from brief.book.check import check, examine, to_write
from brief.contract import files as contract_files
from brief.contract import inputs, parquet_files
from brief.data.loading import load
from brief.data.plan import BEFORE
from brief.figures import Table
from brief.findings.findings import Findings
from conftest import once
from recipe_book import follow, lay, recipes
from test_pdf import joined, text_of

RECIPES = recipes()
COST = "It costs too much, says reader {}."
KEEP = "Keep it open, says reader {}."


def name_of(recipe: str) -> str:
    """What the test of a recipe is called."""
    return "test_" + "_".join(re.findall(r"[a-z0-9]+", recipe.lower()))


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_recipe_has_a_test(recipe: str) -> None:
    assert name_of(recipe) in {**globals(), **vars(test_recipes_in_a_copy)}


def test_a_recipe_has_files_or_commands_to_follow() -> None:
    without = [name for name, recipe in RECIPES.items() if not recipe.files and not recipe.commands]
    assert without == ["More comments than a person reads"]


@pytest.fixture(scope="module")
def new_brief(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A brief made by the first recipe, and filled by the second."""
    root = tmp_path_factory.mktemp("recipes") / "clone"
    root.mkdir()
    list(follow(root, RECIPES["A brief on another topic"]))
    made = root.parent / "library-hours"
    lay(made, RECIPES["A comment or an article"])
    shown = list(follow(made, RECIPES["A comment or an article"]))
    assert ["Read as" in told for told in shown] == [True, True]
    lay(made, RECIPES["A coding"], "data/coders.yml")
    return made


@pytest.fixture
def evenings(tmp_path: Path) -> Path:
    """A brief with sixty comments, all read by one reader."""
    texts = [(COST if n % 2 else KEEP).format(n) for n in range(1, 61)]
    return topics.asked(tmp_path / "brief", texts, coded=60)


def comments_of(root: Path) -> dict[str, str]:
    rows = Findings(load(root)).comments
    return dict(zip(rows["comment_id"], rows["text"], strict=True))


def codings_of(root: Path, coder: str) -> dict[str, str]:
    rows = contract_files.read_csv(root / "data" / "codings" / f"{coder}.csv", coder)
    return dict(zip(rows["comment_id"], rows["stance"], strict=True))


def test_a_brief_on_another_topic(new_brief: Path) -> None:
    assert (new_brief / "README.md").is_file() and (new_brief / "book" / "comments.md").is_file()
    assert check(new_brief) == []


def test_a_comment_or_an_article(new_brief: Path) -> None:
    brief = load(new_brief)
    (article,) = brief.articles
    assert (article.title, article.publisher, str(article.published)) == (
        "Library to close at six",
        "The Gazette",
        "2017-09-21",
    )
    assert list(comments_of(new_brief).values()) == [
        "I work until six.",
        "Who comes that late anyway?",
        "Keep it open, please.",
    ]
    assert brief.collections[-1].question == "Should the library close at six?"


def test_a_newer_export_of_the_same_comments(new_brief: Path, tmp_path: Path) -> None:
    """Followed in a copy: the recipe ends with a removal."""
    root = shutil.copytree(new_brief, tmp_path / "brief")
    recipe = RECIPES["A newer export of the same comments"]
    lay(root, recipe)
    before, states = comments_of(root), []
    for told in follow(root, recipe):
        assert "new 1, changed 1" in told or "Taken out: at-the-desk" in told or "Written" in told
        states.append(comments_of(root))
    tried, added, removed = states
    assert tried == before
    kept = "Keep it open, please. At least in winter."
    assert {name: text for name, text in added.items() if name in before and before[name] != text} == {
        name: kept for name, text in before.items() if text == "Keep it open, please."
    }
    assert "I agree." in added.values() and not {kept, "I agree."} & set(removed.values())


def test_a_large_docket(new_brief: Path, tmp_path: Path) -> None:
    root = shutil.copytree(new_brief, tmp_path / "brief")
    lay(root, RECIPES["A large docket"])
    before = comments_of(root)
    (told,) = follow(root, RECIPES["A large docket"])
    assert "Kept as Parquet" in told and "Written: data/comments/docket.parquet." in told
    assert [text for name, text in comments_of(root).items() if name not in before] == [
        "Keep it open, I work until six.",
        "Close it, few come late.",
    ]
    assert check(root) == []


def test_comments_that_are_kept_elsewhere(new_brief: Path, tmp_path: Path) -> None:
    root, recipe = shutil.copytree(new_brief, tmp_path / "brief"), RECIPES["Comments that are kept elsewhere"]
    docket = tmp_path / "docket.parquet"
    parquet_files.write(docket, ["comment_id", "text"], [["docket-1", "Keep it open."], ["docket-2", "Close it."]])
    topic = root / "data" / "brief.yml"
    held = yaml.safe_load(topic.read_text(encoding="utf-8"))
    lay(root, recipe)
    new = yaml.safe_load(topic.read_text(encoding="utf-8"))["collections"]
    (entry,) = [{**entry, "comments": docket.as_uri()} for entry in new]
    text = yaml.safe_dump({**held, "collections": [*held["collections"], entry]}, allow_unicode=True)
    topic.write_text(text, encoding="utf-8")
    tried, copied = follow(root, recipe)
    assert "docket: would be copied, files 1" in tried and "docket: copied, files 1" in copied
    assert {"docket-1": "Keep it open.", "docket-2": "Close it."}.items() <= comments_of(root).items()
    assert check(root) == []


def test_who_speaks(new_brief: Path) -> None:
    lay(new_brief, RECIPES["Who speaks"])
    assert check(new_brief) == []
    assert load(new_brief).voices["voice"].to_list() == ["paper", "council"]


def test_an_option_a_criterion_an_assessment(new_brief: Path, tmp_path: Path) -> None:
    root = shutil.copytree(new_brief, tmp_path / "brief")
    lay(root, RECIPES["An event, a poll, a source"], "data/sources.bib")
    lay(root, RECIPES["An option, a criterion, an assessment"])
    assert check(root) == []
    findings = Findings(load(root))
    shown = {name: figures.tables()[name](findings, {}) for name in ("options", "performance-matrix", "criteria")}
    texts = {name: one.data.to_string() for name, one in shown.items() if isinstance(one, Table)}
    assert "Close at six" in texts["options"] and "Reach" in texts["criteria"]
    assert "much worse to worse" in texts["performance-matrix"] and "not assessed" in texts["performance-matrix"]


def test_a_text_taken_out_or_put_right(new_brief: Path) -> None:
    """Then the article is corrected: without the second command the check does not accept it."""
    steps = follow(new_brief, RECIPES["A text taken out or put right"])
    next(steps)
    (path,) = (new_brief / "data" / "articles").glob("*.md")
    path.write_text(path.read_text(encoding="utf-8").replace("at six. “Few", "at six.  “Few"), encoding="utf-8")
    assert check(new_brief) != []
    next(steps)
    assert check(new_brief) == []
    assert "Who comes that late anyway?" not in comments_of(new_brief).values()
    noted = contract_files.read_csv(new_brief / "data" / "ledger.csv", "ledger")["event"].to_list()
    assert noted[-2:] == ["withdrawal", "edit"]


def test_a_name_or_number_that_is_masked_wrongly_or_not(new_brief: Path, tmp_path: Path) -> None:
    root = tmp_path / "masked"
    shutil.copytree(new_brief, root)
    before = comments_of(root)["the-gazette-2017-09-21-1"]
    lay(root, RECIPES["A name or number that is masked wrongly, or not"])
    assert check(root) == []
    after = comments_of(root)["the-gazette-2017-09-21-1"]
    assert "until six" in before and "until six" not in after


def test_a_second_coder(evenings: Path) -> None:
    steps = follow(evenings, RECIPES["A second coder"])
    assert "Drawn: 50 of 60" in next(steps)
    (drawn,) = (evenings / "data" / "samples").glob("*.yml")
    strata = yaml.safe_load(drawn.read_text(encoding="utf-8"))["strata"]
    assert sum(one["drawn"] for one in strata) == 50 and sum(one["size"] for one in strata) == 60
    book = openpyxl.load_workbook(evenings / "sheet.xlsx")
    sheet = book.worksheets[0]
    columns = {str(cell.value): cell.column for cell in sheet[1]}
    assert not [sheet.cell(row, columns["stance"]).value for row in (2, 51) if sheet.cell(row, columns["stance"]).value]
    for row in range(2, 52):
        sheet.cell(row, columns["stance"]).value = "Against" if row % 2 else "for"
        sheet.cell(row, columns["themes"]).value = "cost; Safety"
    book.save(evenings / "sheet.xlsx")
    assert "Taken in: 50" in next(steps)
    assert load(evenings).topic.coder == "ann" and check(evenings) == []
    findings = Findings(load(evenings))
    assert findings.compared == ["ann", "second"] and findings.agreement[1] == ""


def test_a_plan_before_anybody_looks(tmp_path: Path) -> None:
    root = topics.asked(tmp_path / "brief", [])
    recipe = RECIPES["A plan, before anybody looks"]
    lay(root, recipe)
    planned.git(root, "init", "-q")
    planned.commit(root, 1)
    planned.with_comments(root)
    planned.commit(root, 2)
    assert [said.startswith("Recorded: data/plan-history.csv") for said in follow(root, recipe)] == [True]
    assert set(load(root).plan.entries["state"]) == {BEFORE} and check(root) == []


def test_a_coding_tool(evenings: Path) -> None:
    told = list(follow(evenings, RECIPES["A coding tool"]))
    assert "codings: 60" in told[0] and "Taken in: 60" in told[1]
    assert codings_of(evenings, "colleague") == codings_of(evenings, "ann")


def test_a_coding_program(evenings: Path) -> None:
    lay(evenings, RECIPES["A coding program"])
    list(follow(evenings, RECIPES["A coding program"]))
    against = {name for name, text in comments_of(evenings).items() if "costs" in text}
    assert codings_of(evenings, "my-model") == dict.fromkeys(against, "against") and len(against) == 30
    described = yaml.safe_load((evenings / "data" / "coders.yml").read_text(encoding="utf-8"))[-1]
    assert described["kind"] == "language model" and "python3 my_model.py" in described["how"]


def test_more_comments_than_a_person_reads(tmp_path: Path) -> None:
    """At each number that the recipe names the part appears, and below it none does."""
    told = RECIPES["More comments than a person reads"].text
    coded, distinct, copies = (int(number) for number in re.findall(r"\b\d+\b", told))
    assert (coded, distinct) == (machine_coding.FEWEST_CODED, theming.LEAST_TEXTS)
    texts = [(COST if n % 2 else KEEP).format(f"{n} of street {n * 7}") for n in range(1, coded + distinct)]
    few = Findings(load(topics.asked(tmp_path / "few", texts[:-1], coded=coded - 1)))
    assert few.machine_report[1] and few.themes.reason and few.shares[1] and few.agreement[1]
    campaign = ["Do close the library at six, for the light costs us far more than it ever did before."]
    alike = Findings(load(topics.asked(tmp_path / "two", [*texts[:9], *campaign * (copies - 1)])))
    assert alike.campaigns[1].empty
    root = topics.asked(tmp_path / "many", [*texts, *campaign * copies], coded=coded)
    many = Findings(load(root))
    assert many.machine_report[1] == "" and "distinct texts" not in many.themes.reason
    assert many.campaigns[1]["submissions"].to_list() == [copies] == [campaigns.LEAST_SUBMISSIONS]


def test_an_edition(tmp_path: Path) -> None:
    root = topics.asked(tmp_path / "brief", [COST.format(1), KEEP.format(2)], coded=1)
    lay(root, RECIPES["An edition"])
    assert check(root) == []
    digest = inputs.data_digest(root)
    steps = follow(root, RECIPES["An edition"])
    next(steps)
    assert (root / "data" / "editions" / "2027-01-15.json").is_file() and inputs.data_digest(root) == digest
    topics.code(root / "data", ["against", "for"])
    assert "changed   stance-for" in next(steps)
    assert load(root).corrections["where"].to_list() == ["What readers said"]


@pytest.fixture(scope="module")
def site() -> Path:
    """The one site that is built here: a small brief with a renamed page and a short PDF of its own."""

    def make(folder: Path) -> None:
        root = topics.asked(folder / "brief", [COST.format(1), KEEP.format(2)], coded=2)
        for name in ("A renamed page", "The PDFs"):
            lay(root, RECIPES[name])
        topics.built(root)

    return once("recipes", make) / "brief" / "_build" / "html"


def test_a_renamed_page(site: Path) -> None:
    moved = (site / "what-readers-said.html").read_text(encoding="utf-8")
    assert 'href="comments.html"' in moved and (site / "comments.html").is_file()


def test_the_pdfs(site: Path) -> None:
    text = joined(text_of(site / "new-brief.pdf"))
    for words in ("What this brief is, and what it is not", "Stances on the question", "The writer is against it."):
        assert joined(words) in text
    assert "Whatreaderssaid" not in text


def test_a_message_a_language(tmp_path: Path) -> None:
    recipe, here = RECIPES["A message, a language"], tmp_path / "here"
    here.mkdir()
    assert all("are still to be translated" in told for told in list(follow(here, recipe))[:3])
    for name in ("src/brief/prose/catalogues/de.po", "src/brief/prose/catalogues/ja.po", "he.po"):
        assert 'msgid "not classified yet"\nmsgstr ""\n' in (here / name).read_text(encoding="utf-8")
    made = tmp_path / "hours-in-hebrew"
    assert (made / "data" / "catalogue" / "he.po").is_file()
    told = to_write(examine(made))
    assert told["data/catalogue/he.po"].endswith("messages, which stand in English on the pages")
