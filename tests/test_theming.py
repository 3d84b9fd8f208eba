"""Themes from the data: planted ones are found, noise has none, and every word stands in a comment."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from brief.analysis import clustering, distinct, stop_words, text_vectors, theme_names, theming
from brief.analysis.text_vectors import Matrix
from conftest import CASES, ROOT
from consultation import noise, planted


@pytest.fixture(scope="module")
def comments() -> pd.DataFrame:
    return planted(240)


@pytest.fixture(scope="module")
def found(comments: pd.DataFrame) -> theming.Themes:
    return theming.find(comments)


def frames(themes: theming.Themes) -> str:
    return "\n".join(part.to_csv() for part in (themes.themes, themes.members, themes.exemplars, themes.tried))


def test_planted_themes_are_found_and_their_number_too(comments: pd.DataFrame, found: theming.Themes) -> None:
    assert clustering.chosen(found.tried) == 4
    judged = found.members.merge(comments, on="comment_id")
    assert len(judged) == len(comments)
    most = judged.groupby("theme_id")["subject"].agg(lambda of: of.value_counts(normalize=True).iloc[0])
    assert (most > 0.95).all()
    assert judged.groupby("theme_id")["subject"].first().nunique() == 4


def test_a_theme_of_more_than_half_is_none() -> None:
    """It would come back in any half of the texts, and say nothing: no number of themes makes up for it."""
    lopsided = pd.concat([planted(300, 3, ("buses",)), planted(60, 4, ("trees", "noise"))])
    nothing = theming.find(lopsided.assign(comment_id=[f"c{n}" for n in range(360)], stance="for"), number=2)
    assert nothing.themes.empty and "more than half" in nothing.reason


def tried(*rows: tuple[int, float, float, bool, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(clustering.TRIED_COLUMNS))


def test_the_number_is_the_one_that_agrees_most_beyond_chance() -> None:
    assert clustering.chosen(tried((2, 0.9, 0.0, True, 0.8), (3, 0.5, 0.1, True, 0.4), (9, 0.8, 0.6, True, 0.2))) == 3
    assert clustering.chosen(tried((3, 0.5, 0.1, True, 0.5), (4, 0.6, 0.2, True, 0.4))) == 3
    assert clustering.chosen(tried((2, 0.9, 0.0, True, 0.8), (3, 0.1, 0.1, False, 0.3))) is None


@pytest.mark.parametrize("texts", [planted(240), noise(150)], ids=["planted", "noise"])
def test_numbers_that_are_not_compared_with_chance_would_not_be_chosen(texts: pd.DataFrame) -> None:
    vectors = text_vectors.fit(text_vectors.WORDS, [(text, "en") for text in texts["text"]])
    each = clustering.numbers_tried(vectors, 9)
    chance = np.random.default_rng(1)
    nulls = [vectors.by_chance(chance, len(vectors.rows)) for _ in range(clustering.NULLS)]
    rows = []
    for number, agreement, *_ in each.itertuples(index=False):
        by_chance = [clustering.agreement_of(drawn, number, 1) for drawn in nulls]
        mean = round(float(np.mean(by_chance)), 3)
        beyond = agreement > max(by_chance) and agreement - mean >= clustering.LEAST_GAIN
        places, _ = clustering.placed(vectors.rows, clustering.fitted(vectors.rows, number))
        rows.append((number, agreement, mean, beyond, clustering.share_of_largest(places)))
    assert clustering.chosen(each) == clustering.chosen(tried(*rows))
    assert each["beyond_chance"].any() == any(row[3] for row in rows)


def test_a_theme_is_split_by_stance(comments: pd.DataFrame, found: theming.Themes) -> None:
    assert list(found.themes["theme_id"]) == [f"t0{n}-{stance}" for n in (1, 2, 3, 4) for stance in ("against", "for")]
    judged = found.members.merge(comments, on="comment_id").merge(found.themes, on="theme_id")
    assert (judged["stance_x"] == judged["stance_y"]).all()
    without = theming.find(comments.drop(columns="stance"))
    assert list(without.themes["theme_id"]) == ["t01", "t02", "t03", "t04"]
    assert set(without.themes["stance"]) == {""}


def test_planted_themes_are_stable(found: theming.Themes) -> None:
    assert found.themes["stability"].between(0.9, 1).all()
    assert not found.themes["fragile"].any()


def test_noise_has_no_themes_and_those_it_is_made_to_have_are_fragile() -> None:
    nothing = theming.find(noise(240))
    assert nothing.themes.empty and nothing.sought and "chance" in nothing.reason
    assert clustering.chosen(nothing.tried) is None
    themes = theming.find(noise(240), 4).themes
    assert len(themes) > 0
    assert themes["fragile"].all()


def test_a_part_of_a_theme_that_holds_no_better_than_chance_is_not_told() -> None:
    """Words that follow each other come together in texts drawn word by word too, and a handful of them stays so."""
    drawn = pd.read_csv(CASES / "analysis" / "word-chains.csv").head(150)
    short = [" ".join(text.split()[: 10 + place % 20]) for place, text in enumerate(drawn["text"])]
    stances = np.random.default_rng(1).choice(["against", "for", "mixed"], size=len(short))
    nothing = theming.find(pd.DataFrame({"comment_id": drawn["comment_id"], "text": short, "stance": stances}))
    assert clustering.chosen(nothing.tried), "its groups agree more than those of words mixed by chance"
    assert nothing.themes.empty and "when a part of the texts is left out" in nothing.reason


def test_of_themes_those_that_hold_are_told_and_the_others_counted(
    comments: pd.DataFrame, found: theming.Themes, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found.left_out == 0
    measured = theming._stabilities
    monkeypatch.setattr(theming, "_stabilities", lambda *given: {**measured(*given), "t01-for": 0.59})
    some = theming.find(comments)
    assert some.left_out == 1
    assert set(found.themes["theme_id"]) - set(some.themes["theme_id"]) == {"t01-for"}
    assert set(some.members["theme_id"]) == set(some.exemplars["theme_id"]) == set(some.themes["theme_id"])
    assert not some.themes["fragile"].any()


def test_a_theme_without_a_common_phrase_within_a_stance_is_called_as_the_whole() -> None:
    said = [
        *(
            ("t01-for", "t01", "for", text)
            for text in ("Skilled labor pays.", "They learn a trade.", "Train them well.")
        ),
        *(("t01", "t01", "", f"More night buses, please, {word}.") for word in ("today", "soon", "always")),
        *(("t02", "t02", "", f"Plant shady trees, please, {word}.") for word in ("today", "soon", "always")),
    ]
    near = pd.DataFrame(said, columns=["theme_id", "topic", "stance", "text"]).assign(language="en")
    named = theme_names.telling(near)
    assert named["t01-for"] and named["t01-for"][0] == named["t01"][0] and "buses" in named["t01"][0]
    assert "trees" in named["t02"][0]


def test_texts_by_chance_are_of_the_same_sizes(comments: pd.DataFrame) -> None:
    vectors = text_vectors.fit(text_vectors.WORDS, [(text, "en") for text in comments["text"]])
    drawn = vectors.by_chance(np.random.default_rng(1), 120)
    assert drawn.shape == (120, vectors.rows.shape[1])
    assert np.allclose(np.linalg.norm(drawn, axis=1), 1)
    assert clustering.share_of_largest(clustering.placed(drawn, clustering.fitted(drawn, 3))[0]) < 0.6


def test_words_of_the_question_name_no_theme(comments: pd.DataFrame) -> None:
    asked = theming.find(comments, 4, left_out=["What of the buses and the SHADE of trees?"]).themes
    named = {phrase for told in asked["phrases"] for phrase in told.split("; ")}
    ends = {end for phrase in named for end in (phrase.split(" ")[0], phrase.split(" ")[-1])}
    assert ends and not {"buses", "shade"} & ends


@pytest.mark.parametrize(
    ("text", "tag", "word", "is_one"),
    [
        ("Que se cierre la calle, y que no pasen los coches en el barrio", "en", "que", True),
        ("Die Straße ist nicht zu laut und soll offen sein", "en", "nicht", True),
        ("The die is cast, and nobody who was there will forget it", "en", "die", False),
        ("Calle cerrada", "es-MX", "que", True),
        ("Xyzzy", "tlh", "que", False),
    ],
)
def test_stop_words_are_those_of_the_comments_own_language(text: str, tag: str, word: str, is_one: bool) -> None:
    assert (word in stop_words.of(text, tag)) is is_one


def test_no_theme_is_named_with_small_words_of_another_language() -> None:
    subjects = {
        "calle": ("el ruido de la calle", "los coches que pasan"),
        "parque": ("los árboles del parque", "la sombra que dan"),
    }
    rows = [
        f"Que se sepa: {subjects[subject][n % 2]} en el barrio, {filling} {n}, y {subjects[subject][(n + 1) % 2]} no."
        for n, filling in enumerate(["a veces", "siempre", "de noche", "de día", "los lunes"] * 30)
        for subject in [list(subjects)[n % 2]]
    ]
    rows = [text.replace(str(n), f"número{n % 29} calle{n % 31}") for n, text in enumerate(rows)]
    themes = theming.find(pd.DataFrame({"comment_id": [f"c{n}" for n in range(150)], "text": rows}), 2).themes
    assert len(themes) == 2
    small = {"que", "se", "en", "el", "los", "la", "de", "del", "no", "y"}
    assert not {phrase for told in themes["phrases"] for phrase in told.split("; ")} & small


def test_texts_without_spaces_between_words_have_no_themes_and_a_reason() -> None:
    texts = [f"バスの時刻表が{n}回も変わったので困っています。" for n in range(120)]
    nothing = theming.find(pd.DataFrame({"comment_id": [f"c{n}" for n in range(120)], "text": texts}))
    assert nothing.themes.empty and "without spaces" in nothing.reason


def test_names_are_words_of_the_comments_in_the_theme(comments: pd.DataFrame, found: theming.Themes) -> None:
    texts = comments.merge(found.members, on="comment_id").groupby("theme_id")["text"].agg("\n".join).str.lower()
    for row in found.themes.itertuples():
        told = str(row.phrases).split("; ")
        assert 1 <= len(told) <= theme_names.PHRASES
        assert row.name == "; ".join(told[:2])
        assert all(phrase in texts[str(row.theme_id)] for phrase in told)


def test_names_tell_themes_from_each_other(comments: pd.DataFrame, found: theming.Themes) -> None:
    """A phrase of a name is none that all say: not what was asked about, and not the slogan of a stance."""
    for theme_id, stance, name in found.themes[["theme_id", "stance", "name"]].itertuples(index=False):
        of_stance = comments[comments["stance"] == stance]
        members = found.members.loc[found.members["theme_id"] == theme_id, "comment_id"]
        others = of_stance[~of_stance["comment_id"].isin(members)]["text"].str.lower()
        said = [others.str.contains(phrase, regex=False).mean() for phrase in str(name).split("; ")]
        assert max(said) < 0.2, name


def test_exemplars_are_verbatim_and_of_the_theme(comments: pd.DataFrame, found: theming.Themes) -> None:
    text = comments.set_index("comment_id")["text"]
    assert all(quote in text[comment] for comment, quote in found.exemplars[["comment_id", "quote"]].to_numpy())
    both = found.exemplars.merge(found.members, on=["comment_id", "theme_id"])
    assert len(both) == len(found.exemplars)
    assert (found.exemplars.groupby("theme_id").size() == 3).all()


def test_same_bytes_for_shuffled_rows(comments: pd.DataFrame, found: theming.Themes) -> None:
    assert frames(theming.find(comments.sample(frac=1, random_state=5))) == frames(found)


def test_same_bytes_for_any_chunk(
    comments: pd.DataFrame, found: theming.Themes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theming, "_CHUNK", 11)
    assert frames(theming.find(comments)) == frames(found)


def test_a_campaign_counts_as_submissions_and_moves_no_theme(comments: pd.DataFrame, found: theming.Themes) -> None:
    copied = comments.iloc[[0]]
    copies = pd.concat([copied.assign(comment_id=f"d{n}", text=copied["text"].str.upper()) for n in range(50)])
    both = theming.find(pd.concat([comments, copies]))
    theme = found.members.set_index("comment_id")["theme_id"]["c0000"]
    before, after = (themes.themes.set_index("theme_id") for themes in (found, both))
    pd.testing.assert_frame_equal(
        before.drop(columns=["submissions", "name", "phrases"]), after.drop(columns=["submissions", "name", "phrases"])
    )
    assert after["submissions"][theme] == before["submissions"][theme] + 50
    assert after["submissions"].sum() == len(comments) + 50
    assert set(both.members.set_index("comment_id")["theme_id"].loc["d0":"d9"]) == {theme}


def test_of_many_texts_a_sample_is_fitted_and_all_are_placed(
    comments: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theming, "MOST_FITTED", 120)
    themes = theming.find(comments)
    assert len(themes.members) == len(comments)
    assert themes.themes["distinct_texts"].sum() == len(comments)
    judged = themes.members.merge(comments, on="comment_id")
    assert (judged.groupby("theme_id")["subject"].nunique() == 1).all()


def test_a_stance_that_no_text_of_the_sample_has_holds_no_theme(
    comments: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is known of how well its themes hold."""
    monkeypatch.setattr(theming, "MOST_FITTED", 120)
    last = sorted(comments["text"], key=distinct.digest)[-40:]
    rare = comments.assign(stance=comments["stance"].mask(comments["text"].isin(last), "rare"))
    found = theming.find(rare)
    assert set(found.themes["stance"]) == {"for", "against"}
    forced = theming.find(rare, number=4).themes
    assert (forced.loc[forced["stance"] == "rare", "stability"] == 0).all()


@pytest.mark.parametrize("texts", [0, 1, theming.LEAST_TEXTS - 1])
def test_few_texts_have_no_themes_and_a_reason(texts: int) -> None:
    nothing = theming.find(planted(240).head(texts))
    assert nothing.reason.startswith(f"Distinct texts: {texts}. ")
    for frame, columns in (
        (nothing.themes, theming.THEME_COLUMNS),
        (nothing.members, theming.MEMBER_COLUMNS),
        (nothing.exemplars, theming.EXEMPLAR_COLUMNS),
        (nothing.tried, clustering.TRIED_COLUMNS),
    ):
        assert frame.empty
        assert tuple(frame.columns) == columns


def test_many_copies_of_few_texts_are_few() -> None:
    few = planted(20)
    many = pd.concat([few.assign(comment_id=few["comment_id"] + f"-{copy}") for copy in range(20)])
    assert "Distinct texts: 20." in theming.find(many).reason


def test_texts_without_recurring_words_have_no_themes_and_a_reason() -> None:
    rows = pd.DataFrame({"comment_id": [f"c{n}" for n in range(120)], "text": [f"word{n:05}x" for n in range(120)]})
    assert "recur" in theming.find(rows).reason
    assert "recur" in theming.find(rows.assign(text=[str(n) for n in range(120)])).reason


def test_a_comment_like_no_theme_is_in_none(comments: pd.DataFrame) -> None:
    odd = pd.DataFrame({"comment_id": ["z1", "z2"], "text": ["Zzz qqq.", ""], "stance": "for"})
    members = theming.find(pd.concat([comments, odd])).members
    assert not members["comment_id"].isin(["z1", "z2"]).any()
    assert members["weight"].between(0, 1, inclusive="right").all()


def test_a_phrase_never_crosses_a_sign_and_does_not_begin_or_end_with_a_small_word() -> None:
    text = "Loud music, at night. It's the end of the world\nnow; don't stop"
    told = theme_names.phrases_in(text, stop_words.of(text, "en"))
    assert "loud music" in told
    assert "end of the" not in told
    assert not any("music at" in phrase or "music night" in phrase for phrase in told)
    assert "it's" not in told
    assert not any("world now" in phrase for phrase in told)


def test_themes_are_fitted_on_one_thread_whatever_the_machine_has(
    comments: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: set[int] = set()
    fitted = clustering.fitted

    def watched(rows: Matrix, number: int, starts: int = 1) -> Matrix:
        threads.update(pool["num_threads"] for pool in threadpool_info())
        return fitted(rows, number, starts)

    monkeypatch.setattr(clustering, "fitted", watched)
    with threadpool_limits(2):
        theming.find(comments, 4)
    assert threads == {1}


def test_the_first_in_a_process_has_the_bytes_of_the_next() -> None:
    """Libraries bring their threads along when they are first used: a limit set before would not hold for these."""
    code = (
        "from threadpoolctl import threadpool_info\n"
        "from brief.analysis.one_thread import one_thread\n"
        "with one_thread():\n"
        "    import scipy.linalg, sklearn.cluster, sklearn.feature_extraction.text, sklearn.utils.extmath\n"
        "    print({pool['num_threads'] for pool in threadpool_info()})\n"
        "from brief.analysis import theming\nfrom consultation import planted\n"
        "first, second = (theming.find(planted(240)).tried.to_csv() for _ in range(2))\n"
        "print(first == second)\n"
    )
    environment = {**os.environ, "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT / "tests"), environment.get("PYTHONPATH", "")]).rstrip(
        os.pathsep
    )
    ended = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines() == ["{1}", "True"]


def test_a_campaign_is_no_theme_of_its_own_and_names_none() -> None:
    """A hundred edited versions of one letter are as many different texts, and come back in any half of them."""
    letter = "Please keep Mill Lane open to cars because my customers come from far and carry heavy things home by car"
    edited = [f"{letter}, says house {number} of {number % 7} streets." for number in range(100)]
    texts = pd.DataFrame({"text": [*edited, *noise(150)["text"]], "stance": "for"})
    texts["comment_id"] = [f"c{number:04}" for number in range(len(texts))]
    assert theming.find(texts).themes["phrases"].str.contains("heavy things").any()
    texts["campaign_id"] = ["mill-lane" if number < 100 else "" for number in range(len(texts))]
    assert theming.find(texts).themes.empty
    few = theming.find(texts.head(150))
    assert not few.sought and "Distinct texts: 51." in few.reason


def test_versions_of_a_campaign_are_placed_with_what_says_the_same(comments: pd.DataFrame) -> None:
    letters = comments["subject"].eq("buses") & comments["stance"].eq("for") & (comments.index % 3 > 0)
    given = comments.assign(campaign_id=["late-buses" if is_letter else "" for is_letter in letters])
    themes = theming.find(given)
    judged = themes.members.merge(given, on="comment_id")
    assert len(judged) == len(comments)
    assert (judged.groupby("theme_id")["subject"].nunique() == 1).all()
    assert themes.themes["distinct_texts"].sum() == len(comments)
