"""Which columns belong to the same card, where tables stand beside each other or a row has several cards."""

import re

from cases.formats.tables.titles import TitleMeaning, base_title

#: Titles of what is counted beside a table of cards.
_COUNTS = re.compile("数量|张数|个数|人数|合计|小计|总计|占比|统计|汇总|count|total", re.IGNORECASE)


def split_groups(
    titles: list[str], meanings: list[TitleMeaning | None], samples: list[list[str]]
) -> list[tuple[list[int], list[int]]]:
    """The columns of each table beside another, and the columns that are beside them all: (columns, beside)."""
    used = [at for at in range(len(titles)) if titles[at] or samples[at]]
    spans = _spans(used)
    numbered = [span for span in spans if _has_number(span, meanings)]
    if len(numbered) > 1 and all(len(span) > 1 for span in numbered):
        return [(span, []) for span in numbered[:-1]] + [_with_rest(numbered[-1], spans, numbered)]
    if len(numbered) == 1 and len(spans) > 1:
        own = numbered[0]
        known = {meaning.field for at in own if (meaning := meanings[at])}
        joined, beside = list(own), list[int]()
        for span in spans:
            if span is not own:
                fields = {meaning.field for at in span if (meaning := meanings[at])}
                depth = max(len(samples[at]) for at in span)
                counts = any(_COUNTS.search(titles[at]) for at in span)
                belongs = not counts and (
                    (fields and not fields & known) or depth * 2 > max(len(samples[at]) for at in own)
                )
                (joined if belongs or not any(titles[at] for at in span) else beside).extend(span)
        return _repeated_groups(sorted(joined), titles, meanings, beside)
    return _repeated_groups(used, titles, meanings, [])


def _with_rest(last: list[int], spans: list[list[int]], numbered: list[list[int]]) -> tuple[list[int], list[int]]:
    return last, [at for span in spans if span not in numbered for at in span]


def _spans(used: list[int]) -> list[list[int]]:
    """Runs of columns without an empty one between."""
    spans: list[list[int]] = []
    for at in used:
        if spans and spans[-1][-1] == at - 1:
            spans[-1].append(at)
        else:
            spans.append([at])
    return spans


def _has_number(span: list[int], meanings: list[TitleMeaning | None]) -> bool:
    return any(meaning.field == "number" for at in span if (meaning := meanings[at]))


def _repeated_groups(
    columns: list[int], titles: list[str], meanings: list[TitleMeaning | None], beside: list[int]
) -> list[tuple[list[int], list[int]]]:
    """Tables beside each other without a gap: the same titles come again, the number's and others."""
    places: dict[str, list[int]] = {}
    for at in columns:
        name = base_title(titles[at])
        if name:
            places.setdefault(name, []).append(at)
    numbers = [at for at in columns if (meaning := meanings[at]) and meaning.field == "number"]
    times = len(numbers)
    repeated = {name: indexes for name, indexes in places.items() if len(indexes) == times and times > 1}
    if len(repeated) < 2 or not any(set(indexes) == set(numbers) for indexes in repeated.values()):
        return [(columns, beside)]
    starts = [min(indexes[turn] for indexes in repeated.values()) for turn in range(times)]
    ends = [max(indexes[turn] for indexes in repeated.values()) for turn in range(times)]
    if any(ends[turn] >= starts[turn + 1] for turn in range(times - 1)):
        return [(columns, beside)]
    groups: list[tuple[list[int], list[int]]] = []
    for turn in range(times):
        until = starts[turn + 1] if turn + 1 < times else ends[turn] + 1
        shared = [at for at in columns if at < starts[0] or at > ends[-1]]
        groups.append(([*shared, *(at for at in columns if starts[turn] <= at < until)], beside if turn == 0 else []))
    return groups
