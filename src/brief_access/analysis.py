"""From attempts to counts: who reads what before and after the warrant, how far a secret reaches. Frames in and out."""

from __future__ import annotations

from typing import Any

import pandas as pd

from brief_access.attempts import ABUSE, LEAK, NOT_READ, OWN, THIEF

_BY = ["option", "variant", "reader", "how", "secret"]


def counts(attempts: pd.DataFrame) -> pd.DataFrame:
    """How many messages each reader reads, in the order of the attempts.

    Columns: option, variant, reader, how, secret, and for each of `target_before`, `target_after`, `others_before`,
    `others_after` the messages read, with `_of` behind it the messages there are.
    """
    whose = attempts["of_target"].map({True: "target", False: "others"})
    marked = attempts.assign(
        cell=whose + "_" + attempts["when"], read=(attempts["outcome"] != NOT_READ).astype("int64"), there=1
    )
    cells = [f"{one}_{when}" for one in ("target", "others") for when in ("before", "after")]
    out = marked[_BY].drop_duplicates().set_index(_BY)
    for column, suffix in (("read", ""), ("there", "_of")):
        wide = marked.pivot_table(index=_BY, columns="cell", values=column, aggfunc="sum", fill_value=0, observed=True)
        for cell in cells:
            out[f"{cell}{suffix}"] = wide[cell].reindex(out.index) if cell in wide else 0
    return out.fillna(0).astype("int64").reset_index()


def reach(attempts: pd.DataFrame) -> pd.DataFrame:
    """How far each leaked secret and each abused authority reaches.

    Columns: option, variant, how, secret, before, after, read, messages.
    """
    table = counts(attempts[attempts["how"].isin([LEAK, ABUSE])])
    for when in ("before", "after"):
        table[when] = table[f"target_{when}"] + table[f"others_{when}"]
    table["read"] = table["before"] + table["after"]
    table["messages"] = table[[name for name in table if str(name).endswith("_of")]].sum(axis=1)
    return table[["option", "variant", "how", "secret", "before", "after", "read", "messages"]]


def on_warrant(attempts: pd.DataFrame) -> pd.DataFrame:
    """What the authority reads under each variant once it has a warrant; columns as `counts`."""
    return counts(attempts[attempts["reader"] == "authority"])


def own(attempts: pd.DataFrame, reader: str) -> pd.DataFrame:
    """What somebody reads with keys of their own under each variant: option, variant, read, messages."""
    rows = attempts[(attempts["how"] == OWN) & (attempts["reader"] == reader)]
    read = rows.assign(read=rows["outcome"] != NOT_READ)
    grouped = read.groupby(["option", "variant"], sort=False)["read"].agg(["sum", "size"])
    return grouped.rename(columns={"sum": "read", "size": "messages"}).astype("int64").reset_index()


def healing(attempts: pd.DataFrame, secret: str) -> dict[str, int]:
    """When a thief who holds the state of a session loses it again.

    `read`: messages read after the leak; `last`: the last of them, -1 for none; `later`: messages that come after it.
    """
    rows = attempts[(attempts["reader"] == THIEF) & (attempts["secret"] == secret) & (attempts["when"] == "after")]
    read = rows.loc[rows["outcome"] != NOT_READ, "message"]
    last = int(read.max()) if len(read) else -1
    return {"read": len(read), "last": last, "later": int((rows["message"] > last).sum())}


def noticed(seen: pd.DataFrame) -> pd.DataFrame:
    """What the people could notice under each variant.

    Columns: option, variant, codes (messages for which the code shown is another than at first), devices (the same for
    the list of devices), heavier (messages that are larger than under the status quo), most_bytes, reports.
    """
    marked = seen.assign(heavier=seen["extra_bytes"] > 0)
    grouped = marked.groupby(["option", "variant"], sort=False)
    columns: dict[str, Any] = {
        "codes": grouped["code_changed"].sum(),
        "devices": grouped["devices_changed"].sum(),
        "heavier": grouped["heavier"].sum(),
        "most_bytes": grouped["extra_bytes"].max().clip(lower=0),
        "reports": grouped["reported"].sum(),
    }
    return pd.DataFrame(columns).astype("int64").reset_index()


def pairs(records: pd.DataFrame) -> int:
    """How many pairs of people the records show to have written to each other."""
    both = records[["sender", "recipient"]]
    return len(pd.DataFrame({"a": both.min(axis=1), "b": both.max(axis=1)}).drop_duplicates())
